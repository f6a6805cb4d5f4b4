import { Malformed } from "./kinds.ts";
import { type Row, rowsOf, type Surroundings } from "./setting.ts";
import { table } from "./table.ts";
import { UsageError } from "./usage-error.ts";

/** What somebody wrote for a setting. */
export interface Given {
  written: unknown;
  /** For errors: the flag, the variable, or file, line and key. */
  name: string;
  /** For `config show`. */
  origin: string;
  /** The directory from which relative paths are seen. */
  base: string;
}

/** Where settings are written; undefined for one that is not there. */
export type Source = (row: Row) => Given | undefined;

/** A setting's value and where it came from. */
export interface Resolved {
  row: Row;
  value: unknown;
  origin: string;
}

export const rows: readonly Row[] = rowsOf(table);

/** Each setting from the first source that has it, else its default. Throws `UsageError`. */
export function resolveAll(
  sources: readonly Source[],
  environment: Surroundings["environment"],
): Map<string, Resolved> {
  const resolved = new Map<string, Resolved>();
  for (const row of rows) {
    const data = String(resolved.get("data")?.value ?? "");
    resolved.set(row.key, resolveOne(row, sources, { environment, data }));
  }
  return resolved;
}

function resolveOne(row: Row, sources: readonly Source[], around: Surroundings): Resolved {
  for (const source of sources) {
    const given = source(row);
    if (given !== undefined) return { row, value: read(row, given), origin: given.origin };
  }
  const { default: initial } = row.setting;
  return { row, value: typeof initial === "function" ? initial(around) : initial, origin: "default" };
}

function read({ setting }: Row, { written, name, base }: Given): unknown {
  try {
    return setting.kind.read(written, base);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    throw new UsageError(`${name} is ${shown(written)}: write ${error.message}`);
  }
}

const LONGEST_SHOWN = 60;

function shown(written: unknown): string {
  if (typeof written === "object" && written !== null) return Array.isArray(written) ? "an array" : "a table";
  const text = JSON.stringify(written) ?? String(written);
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}
