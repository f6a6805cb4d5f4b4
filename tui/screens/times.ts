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

/** An instant for people, to the minute, in UTC like everything that the daemon says: `2026-11-22 20:17 UTC`. */
export function instant(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
}

/** An end that a person typed: the RFC 3339 instant, null for never; or what is wrong with the text. */
export type ParsedEnd = { at: string | null } | { problem: string };

const endProblem = { problem: "Say never, a span such as 90d or 12h, or a date such as 2027-01-31" };

/** Reads when something ends: `never`, a span from now (`90d`, `12h`, `2y`), or a date (the end of that day in UTC). */
export function parseEnd(text: string, now: number): ParsedEnd {
  const word = text.trim().toLowerCase();
  if (word === "" || word === "never") return { at: null };
  const [, amount, unit] = /^(\d{1,4})\s*([hdy])$/.exec(word) ?? [];
  if (amount && unit) return writable(new Date(now + Number(amount) * lengthOf(unit)));
  if (!/^\d{4}-\d{2}-\d{2}$/.test(word)) return endProblem;
  const day = new Date(`${word}T23:59:59.999Z`);
  // 2027-02-31 would be read as a day in March.
  const exists = !Number.isNaN(day.getTime()) && day.toISOString().startsWith(word);
  return exists ? writable(day) : endProblem;
}

function writable(date: Date): ParsedEnd {
  return date.getUTCFullYear() > 9999 ? endProblem : { at: date.toISOString() };
}

function lengthOf(unit: string): number {
  if (unit === "h") return HOUR;
  return unit === "d" ? DAY : 365 * DAY;
}
