import { readFileSync } from "node:fs";
import type { Given, Source } from "./resolve.ts";
import type { Row, Surroundings } from "./setting.ts";
import { firstOf } from "./table.ts";
import { UsageError } from "./usage-error.ts";

/**
 * The settings of the environment: `ROSTER_…`, or `ROSTER_…_FILE` naming a file that holds the value. An empty
 * variable is as good as none.
 */
export function environmentSource(environment: Surroundings["environment"]): Source {
  return (row) => serviceManager(row) ?? own(row);

  function serviceManager({ setting }: Row): Given | undefined {
    const written = setting.systemd && firstOf(environment[setting.systemd]);
    if (!setting.systemd || !written) return undefined;
    const { systemd } = setting;
    return { written, name: systemd, origin: `$${systemd}`, base: process.cwd() };
  }

  function own({ variable, setting }: Row): Given | undefined {
    const text = environment[variable];
    const file = environment[`${variable}_FILE`];
    if (text && file) throw new UsageError(`${variable} and ${variable}_FILE are both set: leave one`);
    const base = process.cwd();
    if (text) {
      const written = setting.kind.fromText(text);
      return { written, name: variable, origin: `$${variable}`, base };
    }
    if (!file) return undefined;
    const written = setting.kind.fromText(readValue(`${variable}_FILE`, file));
    return { written, name: `${variable}_FILE: ${file}`, origin: `$${variable}_FILE (${file})`, base };
  }
}

function readValue(variable: string, file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UsageError(`${variable}: ${file} cannot be read (${code})`);
  }
}
