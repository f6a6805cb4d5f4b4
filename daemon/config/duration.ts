import { type Kind, textual } from "./kinds.ts";

const unitMs = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 } as const;
const units = ["d", "h", "m", "s"] as const;

/** In milliseconds; the ends of the range as durations are written. */
export function duration(shortest: string, longest: string): Kind<number> {
  const least = readDuration(shortest) ?? 0;
  const most = readDuration(longest) ?? Number.POSITIVE_INFINITY;
  return textual(
    `a duration from "${shortest}" to "${longest}" in s, m, h or d`,
    "duration",
    (text) => {
      const ms = readDuration(text);
      return ms !== undefined && ms >= least && ms <= most ? ms : undefined;
    },
    writeDuration,
  );
}

function readDuration(text: string): number | undefined {
  const [, count, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  const known = units.find((name) => name === unit);
  return known && Number(count) * unitMs[known];
}

function writeDuration(ms: number): string {
  const unit = units.find((name) => ms % unitMs[name] === 0) ?? "s";
  return `${ms / unitMs[unit]}${unit}`;
}
