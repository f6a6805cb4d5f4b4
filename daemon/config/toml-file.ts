import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { parse, TomlError } from "smol-toml";
import { nearest } from "../../protocol/index.ts";
import type { Given, Source } from "./resolve.ts";
import type { Row } from "./setting.ts";
import { UsageError } from "./usage-error.ts";

type Path = readonly string[];

/**
 * The settings of a TOML file. Throws `UsageError` with file and line when it cannot be read, is no TOML, or has a key
 * that no row has.
 */
export function readTomlFile(file: string, rows: readonly Row[]): Source {
  const text = readText(file);
  const document = parseDocument(file, text);
  const place = (path: Path): string => `${file}:${lineOf(text, path)}`;
  refuseUnknown(document, rows, place);

  return ({ path, key }) => {
    const written = valueAt(document, path);
    if (written === undefined) return undefined;
    const at = place(path);
    const given: Given = { written, name: `${at}: ${key}`, origin: at, base: dirname(file) };
    return given;
  };
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UsageError(`the configuration file ${file} cannot be read (${code})`);
  }
}

function parseDocument(file: string, text: string): object {
  try {
    return parse(text, { unsafeKeyBehaviour: "throw" });
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [what] = error.message.replace("Invalid TOML document: ", "").split("\n");
    throw new UsageError(`${file}:${error.line}: this is not TOML: ${what}`);
  }
}

function refuseUnknown(document: object, rows: readonly Row[], place: (path: Path) => string): void {
  const settings = new Set(rows.map(({ key }) => key));
  const tables = new Set(
    rows.flatMap(({ path }) => path.slice(0, -1).map((_, at) => path.slice(0, at + 1).join("."))),
  );

  function look(table: object, above: Path): void {
    for (const [name, inner] of Object.entries(table)) {
      const path = [...above, name];
      const key = path.join(".");
      if (settings.has(key)) continue;
      if (!tables.has(key))
        throw new UsageError(`${place(path)}: unknown key ${JSON.stringify(key)}${meant(path, rows)}`);
      if (!isTable(inner)) throw new UsageError(`${place(path)}: ${key} is a table: write [${key}]`);
      look(inner, path);
    }
  }
  look(document, []);
}

/** The nearest key there is: one of the same name in another table, else one that is spelt alike. */
function meant(path: Path, rows: readonly Row[]): string {
  const name = path.at(-1);
  const elsewhere = rows.find((row) => row.path.at(-1) === name)?.key;
  const near =
    elsewhere ??
    nearest(
      path.join("."),
      rows.map(({ key }) => key),
    );
  return near === undefined ? "" : `: did you mean "${near}"?`;
}

/**
 * The line, from 1, where the key of this path begins: the one behind the longest beginning of the file that is
 * whole by itself and does not have the key yet.
 */
function lineOf(text: string, path: Path): number {
  const lines = text.split("\n");
  let line = 1;
  for (let count = 1; count <= lines.length; count += 1) {
    const beginning = parseOrNull(lines.slice(0, count).join("\n"));
    if (beginning === null) continue;
    if (valueAt(beginning, path) !== undefined) return line;
    line = count + 1;
  }
  return line;
}

function parseOrNull(text: string): object | null {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof TomlError) return null;
    throw error;
  }
}

function valueAt(document: object, path: Path): unknown {
  let value: unknown = document;
  for (const name of path) {
    if (!isTable(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
