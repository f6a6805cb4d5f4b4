import type { ParamIssue } from "../protocol/index.ts";

/** Keys by which parsed JSON reaches an object's prototype once somebody merges or copies it. */
const forbiddenKeys = new Set(["__proto__", "constructor", "prototype"]);

/** Enough to find one's mistake by; a hostile frame could name 100,000. */
const MOST_ISSUES = 20;

type Path = readonly (string | number)[];

export interface Inspection {
  tooDeep: boolean;
  /** One for each forbidden key, up to 20. */
  issues: ParamIssue[];
}

/** Looks through a parsed message for forbidden keys and for more than `depth` levels; never recurses further. */
export function inspectJson(message: object, depth: number): Inspection {
  if (!fits(message, depth)) return { tooDeep: true, issues: [] };
  const issues: ParamIssue[] = [];
  if (hasForbiddenKey(message)) collect(message, [], issues);
  return { tooDeep: false, issues };
}

/** Whether `value` takes at most `room` levels. */
function fits(value: unknown, room: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (room === 0) return false;
  if (Array.isArray(value)) return value.every((item) => fits(item, room - 1));
  for (const key in value) {
    if (!fits((value as Record<string, unknown>)[key], room - 1)) return false;
  }
  return true;
}

/** To be asked about what `fits`. */
function hasForbiddenKey(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return value.some(hasForbiddenKey);
  for (const key in value) {
    if (forbiddenKeys.has(key) || hasForbiddenKey((value as Record<string, unknown>)[key])) return true;
  }
  return false;
}

/** Finds the places; rarely needed, so it may be slower. */
function collect(value: unknown, path: Path, issues: ParamIssue[]): void {
  if (typeof value !== "object" || value === null) return;
  const members = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  for (const [key, member] of members) {
    if (issues.length >= MOST_ISSUES) return;
    const place = [...path, key];
    if (typeof key === "string" && forbiddenKeys.has(key)) {
      issues.push({ path: place, message: `the key "${key}" is refused`, code: "forbidden_key" });
    }
    collect(member, place, issues);
  }
}
