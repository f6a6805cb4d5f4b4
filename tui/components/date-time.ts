import type { TextState } from "./text-editing.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEP_MINUTES = 5;

const lengths: Readonly<Record<string, number>> = { m: MINUTE, h: HOUR, d: DAY, w: 7 * DAY, y: 365 * DAY };

/** An instant that a person typed: RFC 3339 in UTC, null for none; or what is wrong with the text. */
export type TypedTime = { at: string | null } | { problem: string };

/** What a date without a time of day means: its first or its last moment. */
export type DayMeans = "begin" | "end";

const problem = {
  problem: "Leave it empty for none, or say 90d, 12h, 14:30, 2027-01-31 or 2027-01-31 14:30",
};
const LAST_YEAR = 9999;

/**
 * Reads an instant in local time: nothing or `never` for none, a span from now (`30m`, `12h`, `90d`, `2w`, `2y`), the
 * next time that the clock shows `14:30`, a date, a date with a time of day, or RFC 3339 in UTC.
 */
export function parseTime(text: string, now: number, day: DayMeans): TypedTime {
  const word = text.trim().toLowerCase();
  if (word === "" || word === "never" || word === "none") return { at: null };
  const [, amount, unit] = /^\+?\s*(\d{1,4})\s*([mhdwy])$/.exec(word) ?? [];
  if (amount && unit) return told(new Date(now + Number(amount) * (lengths[unit] ?? 0)));
  const [, hours, minutes] = /^(\d{1,2}):(\d{2})$/.exec(word) ?? [];
  if (hours && minutes) return told(nextClock(Number(hours), Number(minutes), now));
  if (/^\d{4}-\d\d-\d\dt[\d:.]+z$/.test(word)) return told(new Date(text.trim().toUpperCase()));
  const parts = partsOf(word);
  return parts ? told(dateOf(parts, day)) : problem;
}

/** How a field writes an instant: local time to the minute; nothing for none. */
export function timeText(at: string | null): string {
  return at === null ? "" : textOf(new Date(at));
}

/**
 * One step later or earlier: the year, month, day, hour or five minutes that the cursor stands at. Nothing typed yet
 * begins at the next full hour. What is no time stays.
 */
export function stepTime({ value, cursor }: TextState, step: 1 | -1, now: number): TextState {
  const parts = partsOf(value.trim());
  if (!parts) {
    const read = parseTime(value, now, "end");
    if ("problem" in read) return { value, cursor };
    const text = textOf(read.at === null ? new Date(Math.ceil((now + 1) / HOUR) * HOUR) : new Date(read.at));
    return { value: text, cursor: text.length };
  }
  const stepped = stepParts(parts, cursor, step);
  if (stepped.getFullYear() < 1000 || stepped.getFullYear() > LAST_YEAR) return { value, cursor };
  const text = textOf(stepped);
  return { value: parts.hour === undefined ? text.slice(0, 10) : text, cursor };
}

interface Parts {
  year: number;
  month: number;
  day: number;
  hour?: number;
  minute?: number;
}

function partsOf(text: string): Parts | undefined {
  const found = /^(\d{4})-(\d{2})-(\d{2})(?:[ t](\d{1,2}):(\d{2}))?$/.exec(text);
  if (!found) return undefined;
  const [year = 0, month = 0, day = 0, hour, minute] = found
    .slice(1)
    .map((part) => part && Number(part)) as number[];
  return { year, month, day, hour, minute };
}

/** The instant, or one that is none where there is no such date or time of day. */
function dateOf({ year, month, day, hour, minute = 0 }: Parts, means: DayMeans): Date {
  const whole = hour === undefined;
  const date =
    whole && means === "end"
      ? new Date(year, month - 1, day, 23, 59, 59, 999)
      : new Date(year, month - 1, day, hour ?? 0, minute);
  // 2027-02-31 would be read as a day in March, and 25:00 as one in the morning.
  const exists = date.getMonth() === month - 1 && date.getDate() === day && (hour ?? 0) < 24 && minute < 60;
  return exists ? date : new Date(Number.NaN);
}

function nextClock(hours: number, minutes: number, now: number): Date {
  if (hours > 23 || minutes > 59) return new Date(Number.NaN);
  const at = new Date(now);
  at.setHours(hours, minutes, 0, 0);
  if (at.getTime() <= now) at.setDate(at.getDate() + 1);
  return at;
}

function stepParts({ year, month, day, hour = 0, minute = 0 }: Parts, cursor: number, step: 1 | -1): Date {
  if (cursor <= 4) return clamped(year + step, month, day, hour, minute);
  if (cursor <= 7) return clamped(year, month + step, day, hour, minute);
  if (cursor <= 10) return new Date(year, month - 1, day + step, hour, minute);
  const length = cursor <= 13 ? HOUR : STEP_MINUTES * MINUTE;
  return new Date(new Date(year, month - 1, day, hour, minute).getTime() + step * length);
}

/** A month later than January 31 is the last of February. */
function clamped(year: number, month: number, day: number, hour: number, minute: number): Date {
  const last = new Date(year, month, 0).getDate();
  return new Date(year, month - 1, Math.min(day, last), hour, minute);
}

function told(date: Date): TypedTime {
  const exists = !Number.isNaN(date.getTime()) && date.getUTCFullYear() <= LAST_YEAR;
  return exists ? { at: date.toISOString() } : problem;
}

function textOf(date: Date): string {
  const two = (part: number) => String(part).padStart(2, "0");
  const day = `${String(date.getFullYear()).padStart(4, "0")}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
