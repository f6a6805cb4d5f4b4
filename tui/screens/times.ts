const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How much time lies between two instants, in one unit: `40s`, `5m`, `3h`, `12d`, `2y`. */
export function span(milliseconds: number): string {
  const length = Math.abs(milliseconds);
  if (length < MINUTE) return `${Math.floor(length / 1000)}s`;
  if (length < HOUR) return `${Math.floor(length / MINUTE)}m`;
  if (length < DAY) return `${Math.floor(length / HOUR)}h`;
  if (length < 730 * DAY) return `${Math.floor(length / DAY)}d`;
  return `${Math.floor(length / (365 * DAY))}y`;
}

/** `5m ago`, `in 3d`, or `never` where there is no such instant. */
export function relative(at: string | null, now: number): string {
  if (at === null) return "never";
  const difference = now - Date.parse(at);
  if (Math.abs(difference) < 1000) return "now";
  return difference > 0 ? `${span(difference)} ago` : `in ${span(difference)}`;
}

/** How long ago something was that cannot be to come: `now` where it is newer than the clock was last looked at. */
export function ago(at: string, now: number): string {
  return relative(at, Math.max(now, Date.parse(at)));
}

/** An instant for people, to the minute, in UTC like everything that the daemon says: `2026-11-22 20:17 UTC`. */
export function instant(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
}

const unitLengths: Readonly<Record<string, number>> = { m: MINUTE, h: HOUR, d: DAY, y: 365 * DAY };
const backProblem = { problem: "is a span back from now such as 7d or 12h, or a date such as 2027-01-31" };

/** Reads when something was: a span back from `now` (`30m`, `12h`, `7d`), a date (its start in UTC) or an instant. */
export function parseBack(text: string, now: number): { at: string } | { problem: string } {
  const [, amount, unit = ""] = /^(\d{1,5})([mhdy])$/i.exec(text) ?? [];
  const length = unitLengths[unit.toLowerCase()];
  if (amount && length) return { at: new Date(now - Number(amount) * length).toISOString() };
  if (!/^\d{4}-\d{2}-\d{2}(T[\d:.]+Z)?$/i.test(text)) return backProblem;
  const date = new Date(text);
  // 2027-02-31 would be read as a day in March.
  const exists = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text.slice(0, 10));
  return exists ? { at: date.toISOString() } : backProblem;
}
