import type { ImportedUser } from "../../protocol/index.ts";
import { Failure } from "../failure.ts";
import type { SourceRow } from "./json-rows.ts";
import { readOnlyFields } from "./portable-user.ts";

/** One row on its way to the daemon, which judges what it says. */
export interface Candidate {
  /** As people find it in the file: `line 7` or `user ann`. */
  place: string;
  user: unknown;
  /** Whether somebody must give it a password before it can log in as it did. */
  wantsPassword: boolean;
  bytes: number;
}

/** Levels of a row with which its message still has the 32 that the daemon reads. */
const MOST_LEVELS = 28;
const LARGEST_ROW = 512 * 1024;
const forbiddenKeys = new Set(["__proto__", "constructor", "prototype"]);

/**
 * A row as it can be sent, without what only a daemon decides. Throws where it would have the daemon refuse the
 * whole message.
 */
export function candidateOf(file: string, { line, value }: SourceRow): Candidate {
  const place = `line ${line}`;
  const user = isObject(value) ? withoutReadOnly(value) : value;
  const hadPassword = !isObject(value) || value.hasPassword !== false;
  return checked(file, { place, user, wantsPassword: hadPassword && wantsPassword(user) });
}

/** The same for a user of another system. */
export function foreignCandidate(file: string, user: ImportedUser): Candidate {
  return checked(file, { place: `user ${user.username}`, user, wantsPassword: true });
}

function checked(file: string, candidate: Omit<Candidate, "bytes">): Candidate {
  const problem = whyUnsendable(candidate.user, MOST_LEVELS);
  if (problem) throw new Failure(`${file}, ${candidate.place}: ${problem}`);
  const bytes = Buffer.byteLength(JSON.stringify(candidate.user) ?? "");
  if (bytes > LARGEST_ROW)
    throw new Failure(
      `${file}, ${candidate.place}: the row takes ${bytes} bytes; ${LARGEST_ROW} are allowed`,
    );
  return { ...candidate, bytes };
}

function withoutReadOnly(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !readOnlyFields.has(name)));
}

function wantsPassword(user: unknown): boolean {
  return isObject(user) && user.password === undefined && user.type !== "service";
}

function whyUnsendable(value: unknown, levels: number): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (levels === 0) return `it is nested deeper than ${MOST_LEVELS} levels`;
  for (const [name, inner] of Object.entries(value)) {
    if (forbiddenKeys.has(name)) return `the key "${name}" is refused`;
    const problem = whyUnsendable(inner, levels - 1);
    if (problem) return problem;
  }
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
