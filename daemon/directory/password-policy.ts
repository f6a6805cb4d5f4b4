import { randomInt } from "node:crypto";
import { refusal } from "../../protocol/index.ts";

/** One thing that is wrong with a password, as `data.problems` of a 422 `passwordRejected` has it. */
export interface PasswordProblem {
  code: "tooShort" | "tooLong" | "malformed" | "common" | "personal" | "unchanged";
  message: string;
}

/** Whose password it is: their names make poor passwords. */
export interface PasswordOwner {
  username: string;
  fullName: string;
}

export interface PasswordPolicy {
  /** Throws 422 `passwordRejected` with every problem in `data.problems`. */
  check(password: string, owner: PasswordOwner): Promise<void>;
}

/** NIST SP 800-63B-4, section 3.1.1.2, for passwords that stand alone. */
export const defaultMinLength = 15;
const MAX_LENGTH = 256;
const PRODUCT_NAME = "roster";
const SHORTEST_NAME_PART = 3;
/** Characters that must be left of a password once the names in it are taken away. */
const OWN_CHARACTERS = 8;

/** Length in code points, no lone surrogates, no common password, not made of the owner's or product's name. */
export function createPasswordPolicy(minLength = defaultMinLength): PasswordPolicy {
  return {
    async check(password, owner) {
      const problems = await problemsOf(password.normalize("NFC"), owner, minLength);
      if (problems.length > 0) throw passwordRejected(problems);
    },
  };
}

/** 422 with what is wrong. */
export function passwordRejected(problems: PasswordProblem[]): Error {
  const what = problems.map((problem) => problem.message).join("; ");
  return refusal("passwordRejected", `The password ${what}`, { problems });
}

// Without 0, 1, i, l and o, which people mistake for each other.
const READABLE = "abcdefghjkmnpqrstuvwxyz23456789";
const GROUPS = 5;
const GROUP_LENGTH = 5;

/** A password to read out or type off: five groups of five, 123 bits. */
export function generatePassword(): string {
  const group = () =>
    Array.from({ length: GROUP_LENGTH }, () => READABLE.charAt(randomInt(READABLE.length))).join("");
  return Array.from({ length: GROUPS }, group).join("-");
}

async function problemsOf(password: string, owner: PasswordOwner, minLength: number) {
  const problems: PasswordProblem[] = [];
  const length = [...password].length;
  if (length < minLength) {
    problems.push({ code: "tooShort", message: `must have at least ${minLength} characters` });
  }
  if (length > MAX_LENGTH) {
    problems.push({ code: "tooLong", message: `must have at most ${MAX_LENGTH} characters` });
  }
  // Encoded as UTF-8, every lone surrogate becomes the same replacement character.
  if (/\p{Cs}/u.test(password)) {
    problems.push({ code: "malformed", message: "must not contain half of a character" });
  }
  const common = await commonPasswords();
  const lower = password.toLowerCase();
  if (common.has(lower)) {
    problems.push({ code: "common", message: "must not be one of the most common passwords" });
  }
  const own = withoutNames(lower, owner);
  if (own !== lower && ([...own].length < OWN_CHARACTERS || common.has(own))) {
    problems.push({
      code: "personal",
      message: `must not be made of the user name, the full name or "${PRODUCT_NAME}"`,
    });
  }
  return problems;
}

/** The lower-cased password with every name in it taken away, and separators at its ends. */
function withoutNames(password: string, { username, fullName }: PasswordOwner): string {
  const words = [fullName, username, ...fullName.split(/\s+/u), ...username.split(/[._@+-]/u), PRODUCT_NAME];
  const names = words.map((word) => word.normalize("NFC").toLowerCase());
  const longestFirst = names
    .filter((name) => [...name].length >= SHORTEST_NAME_PART)
    .sort((a, b) => b.length - a.length);
  const rest = longestFirst.reduce((text, name) => text.replaceAll(name, ""), password);
  return rest === password ? password : rest.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "");
}

let loaded: Promise<ReadonlySet<string>> | undefined;

/** Some 49,000; loaded at first need, since it costs 60 ms and 6 MiB. */
function commonPasswords(): Promise<ReadonlySet<string>> {
  loaded ??= import("@zxcvbn-ts/language-common").then(
    ({ dictionary }) => new Set(dictionary["passwords-common"].map((word) => word.toLowerCase())),
  );
  return loaded;
}
