import { resolve } from "node:path";
import { JsonObject, text, Username } from "../../protocol/index.ts";
import { inspectJson } from "../json-guard.ts";

/** A kind of value: how it is written in TOML, in a flag and in a variable, and what it means. */
export interface Kind<Value> {
  /** What may be written, as the end of "write …". */
  readonly form: string;
  /** What stands for it in help. */
  readonly placeholder: string;
  /** What the text of a flag or variable is in TOML. */
  fromText(text: string): unknown;
  /** The value of what was written; relative paths are seen from `base`. Throws `Malformed`. */
  read(written: unknown, base: string): Value;
  /** The value as TOML writes it. */
  toml(value: Value): string;
}

/** What was written is no value of its kind; the message says what to write. */
export class Malformed extends Error {
  override name = "Malformed";
}

const asIs = (text: string): unknown => text;

/** A kind that TOML writes as a string: `read` answers undefined for what is none of it. */
export function textual<Value>(
  form: string,
  placeholder: string,
  read: (text: string, base: string) => Value | undefined,
  write: (value: Value) => string,
): Kind<Value> {
  return {
    form,
    placeholder,
    fromText: asIs,
    read(written, base) {
      const value = typeof written === "string" ? read(written, base) : undefined;
      if (value === undefined) throw new Malformed(form);
      return value;
    },
    toml: (value) => JSON.stringify(write(value)),
  };
}

export const same = (text: string): string => text;

export const path = textual("a path", "path", (text, base) => (text ? resolve(base, text) : undefined), same);

export function choice<const Word extends string>(
  words: readonly Word[],
  placeholder = words.join("|"),
): Kind<Word> {
  const form = `one of ${words.map((word) => `"${word}"`).join(", ")}`;
  return textual(
    form,
    placeholder,
    (text) => words.find((word) => word === text),
    (word) => word,
  );
}

export function wholeNumber(least: number, most: number): Kind<number> {
  const form = `a whole number from ${least} to ${most}`;
  return {
    form,
    placeholder: "number",
    fromText: (text) => (/^\d{1,15}$/.test(text) ? Number(text) : text),
    read(written) {
      if (
        typeof written !== "number" ||
        !Number.isSafeInteger(written) ||
        written < least ||
        written > most
      ) {
        throw new Malformed(form);
      }
      return written;
    },
    toml: String,
  };
}

/** A flag of this kind takes no value. */
export const yesOrNo: Kind<boolean> = {
  form: "true or false",
  placeholder: "",
  fromText(text) {
    if (["1", "true", "yes"].includes(text)) return true;
    return ["0", "false", "no"].includes(text) ? false : text;
  },
  read(written) {
    if (typeof written !== "boolean") throw new Malformed("true or false");
    return written;
  },
  toml: String,
};

/** An array in TOML, separated by commas in a flag or variable. */
export function listOf(kind: Kind<string>): Kind<readonly string[]> {
  return {
    form: `a list of ${kind.form}`,
    placeholder: kind.placeholder,
    fromText: (text) => text.split(",").flatMap((part) => part.trim() || []),
    read(written, base) {
      if (!Array.isArray(written)) throw new Malformed(`a list of ${kind.form}`);
      return written.map((item) => kind.read(item, base));
    },
    toml: (values) => `[${values.map(kind.toml).join(", ")}]`,
  };
}

/** At least one, all different. */
export function someOf(kind: Kind<string>): Kind<readonly [string, ...string[]]> {
  const list = listOf(kind);
  const form = `${list.form}, at least one and each once`;
  return {
    ...list,
    form,
    read(written, base) {
      const [first, ...others] = list.read(written, base);
      if (first === undefined || new Set([first, ...others]).size <= others.length) throw new Malformed(form);
      return [first, ...others];
    },
  };
}

/** Text for people to read. */
export function words(most: number): Kind<string> {
  const schema = text(most).min(1);
  const form = `texts of 1 to ${most} visible characters`;
  return textual(form, "texts", (written) => schema.safeParse(written).data, same);
}

export const username = textual(
  "a user name: 1 to 64 of a-z 0-9 . _ @ + -",
  "name",
  (written) => Username.safeParse(written).data,
  same,
);

/** The same kind, or "off" for none. */
export function orOff<Value>(kind: Kind<Value>): Kind<Value | null> {
  const form = `${kind.form}, or off`;
  return {
    form,
    placeholder: `${kind.placeholder}|off`,
    fromText: kind.fromText,
    read(written, base) {
      if (written === "off") return null;
      try {
        return kind.read(written, base);
      } catch (error) {
        throw error instanceof Malformed ? new Malformed(form) : error;
      }
    },
    toml: (value) => (value === null ? '"off"' : kind.toml(value)),
  };
}

/** A table of whatever JSON knows; as JSON in a variable. */
export const jsonTable: Kind<{ readonly [name: string]: unknown }> = {
  form: "a table of what JSON knows: no dates, nothing infinite, no __proto__",
  placeholder: "json",
  fromText(text) {
    try {
      return JSON.parse(text);
    } catch (error) {
      if (error instanceof SyntaxError) return text;
      throw error;
    }
  },
  read(written) {
    const { success, data } = JsonObject.safeParse(written);
    if (!success || !isHarmless(written)) throw new Malformed(jsonTable.form);
    return data;
  },
  toml: inlineToml,
};

const MOST_LEVELS = 1000;

function isHarmless(written: unknown): boolean {
  const { tooDeep, issues } = inspectJson({ written }, MOST_LEVELS);
  return !tooDeep && issues.length === 0;
}

/** Finite numbers, strings, booleans and arrays are written alike in JSON and TOML. */
function inlineToml(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inlineToml).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const pairs = Object.entries(value).map(
    ([name, inner]) => `${JSON.stringify(name)} = ${inlineToml(inner)}`,
  );
  return pairs.length > 0 ? `{ ${pairs.join(", ")} }` : "{}";
}
