import type { ParamIssue } from "../protocol/index.ts";

/** Keys by which parsed JSON reaches an object's prototype once somebody merges or copies it. */
const forbiddenKeys = new Set(["__proto__", "constructor", "prototype"]);

/** Enough to find one's mistake by; a hostile frame could name 100,000. */
const MOST_ISSUES = 20;

export interface Inspection {
  tooDeep: boolean;
  /** One for each forbidden key, up to 20. */
  issues: ParamIssue[];
}

/** Looks through a parsed message for forbidden keys and for more than `depth` levels; never recurses further. */
export function inspectJson(message: object, depth: number): Inspection {
  const issues: ParamIssue[] = [];
  const path: (string | number)[] = [];

  /** Whether `container` and everything below it take at most `room` levels. */
  function fits(container: object, room: number): boolean {
    if (room === 0) return false;
    return Array.isArray(container) ? itemsFit(container, room - 1) : membersFit(container, room - 1);
  }

  function itemsFit(items: readonly unknown[], room: number): boolean {
    return items.every((item, index) => below(index, item, room));
  }

  function membersFit(object: object, room: number): boolean {
    return Object.entries(object).every(([key, value]) => {
      if (forbiddenKeys.has(key) && issues.length < MOST_ISSUES) {
        issues.push({ path: [...path, key], message: `the key "${key}" is refused`, code: "forbidden_key" });
      }
      return below(key, value, room);
    });
  }

  function below(key: string | number, value: unknown, room: number): boolean {
    if (typeof value !== "object" || value === null) return true;
    path.push(key);
    const fitting = fits(value, room);
    path.pop();
    return fitting;
  }

  return { tooDeep: !fits(message, depth), issues };
}
