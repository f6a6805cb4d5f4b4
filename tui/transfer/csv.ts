import { Readable } from "node:stream";
import { CsvError, type Info, parse } from "csv-parse";
import { stringify } from "csv-stringify/sync";
import { nearest } from "../../protocol/index.ts";
import { escapeUnseen } from "../commands/output.ts";
import { Failure } from "../failure.ts";
import { LONGEST_ROW, parseJson, type SourceRow } from "./json-rows.ts";
import { importableFields, type PortableUser, portableFields } from "./portable-user.ts";
import type { Chunks } from "./source-file.ts";

/** A spreadsheet takes cells that begin so for formulas, and runs them (CWE-1236); an apostrophe keeps it off. */
const FORMULA = /^'*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;

/** What reads a cell of these columns; the others are text. */
const cellReaders: Record<string, (cell: string, where: string) => unknown> = {
  roles: (cell) => cell.split(/[\s,;]+/).filter((name) => name !== ""),
  active: readBoolean,
  mustChangePassword: readBoolean,
  presence: readBoolean,
  hasPassword: readBoolean,
  settings: (cell, where) => parseJson(where, cell),
  password: (cell) => cell,
};

export function csvHeader(): string {
  return stringify([[...portableFields]]);
}

/** Roles apart by spaces, settings as JSON, null as nothing. */
export function csvLines(users: readonly PortableUser[]): string {
  return stringify(users.map((user) => portableFields.map((field) => cellOf(user[field]))));
}

function cellOf(value: PortableUser[keyof PortableUser]): string {
  if (value === null) return "";
  if (Array.isArray(value)) return value.join(" ");
  if (typeof value === "object") return escapeUnseen(JSON.stringify(value));
  const text = String(value);
  return FORMULA.test(text) ? `'${text}` : text;
}

/** The rows under a header line; an empty cell says nothing. `beginning` tells what stands between the cells. */
export async function* csvRows(file: string, chunks: Chunks, beginning: string): AsyncGenerator<SourceRow> {
  const header = beginning.split("\n", 1)[0] ?? "";
  const parser = parse({
    bom: true,
    columns: (names: string[]) => checkColumns(file, names),
    delimiter: [",", ";", "\t"].find((mark) => header.includes(mark)) ?? ",",
    info: true,
    max_record_size: LONGEST_ROW,
    skip_empty_lines: true,
  });
  const text = Readable.from(chunks).on("error", (error) => parser.destroy(error));
  try {
    for await (const { record, info } of text.pipe(parser) as AsyncIterable<Parsed>) {
      yield { line: info.lines, value: readCells(`${file}, line ${info.lines}`, record) };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new Failure(`${file}, line ${error.lines}: this is not CSV (${error.message})`);
  } finally {
    text.destroy();
  }
}

interface Parsed {
  record: Record<string, string>;
  info: Info;
}

function checkColumns(file: string, names: string[]): string[] {
  const columns = names.map((name) => name.trim());
  const unknown = columns.find((name) => !importableFields.includes(name));
  if (unknown !== undefined) {
    const meant = nearest(unknown, importableFields);
    const hint = meant ? `did you mean "${meant}"?` : `there are ${portableFields.join(", ")} and password`;
    throw new Failure(`${file}, line 1: there is no column "${unknown}": ${hint}`);
  }
  if (!columns.includes("username")) throw new Failure(`${file}, line 1: the column "username" is missing`);
  if (new Set(columns).size < columns.length)
    throw new Failure(`${file}, line 1: a column stands there twice`);
  return columns;
}

function readCells(where: string, record: Record<string, string>): Record<string, unknown> {
  const filled = Object.entries(record).filter(([, cell]) => cell !== "");
  return Object.fromEntries(
    filled.map(([column, cell]) => [
      column,
      cellReaders[column]?.(cell, `${where}, ${column}`) ?? withoutGuard(cell),
    ]),
  );
}

function withoutGuard(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell) ? cell.slice(1) : cell;
}

/** As spreadsheets write them; anything else is the daemon's to refuse. */
function readBoolean(cell: string): boolean | string {
  const word = cell.toLowerCase();
  if (word === "true" || word === "1") return true;
  return word === "false" || word === "0" ? false : cell;
}
