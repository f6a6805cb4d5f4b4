import type { Client, Params } from "../../protocol/index.ts";
import { Failure } from "../failure.ts";
import type { ImportFormat } from "../transfer/formats.ts";
import { printed, readMapping } from "../transfer/mapping.ts";
import { openSource, type Source } from "../transfer/source.ts";
import { type Totals, upload } from "../transfer/upload.ts";
import { type Destination, open } from "./connection.ts";
import { say } from "./output.ts";

export interface ImportFlags {
  format?: ImportFormat;
  mode: Params<"users.import">["mode"];
  dryRun?: boolean;
  partial?: boolean;
  mapping?: string;
}

/** More would scroll the first ones away. */
const MOST_FAILURES_SHOWN = 50;
const PROGRESS_ROWS = 5000;

/**
 * Imports a file. Without `partial` all rows are tried first and nothing is changed where one fails. Prints the names
 * of those who want a password on standard output; status 1 where a row failed.
 */
export async function importUsers(
  file: string,
  flags: ImportFlags,
  destination: Destination,
): Promise<number> {
  const { mode, dryRun = false, partial = false } = flags;
  const source = await openSource(
    file,
    flags.format,
    flags.mapping === undefined ? undefined : readMapping(flags.mapping),
  );
  const client = await open(destination, "never");
  try {
    await settleMapping(client, source, flags.mapping !== undefined);
    const run = (how: { dryRun: boolean; partial: boolean }, doing: string) =>
      upload(client, source.candidates(), { ...how, mode, ...reporting(file, doing) });
    if (dryRun || !partial) {
      const tried = await run({ dryRun: true, partial: true }, "checked");
      if (dryRun) return report(tried, "this would be");
      if (tried.failed > 0) {
        throw new Failure(
          `${tried.failed} rows cannot be imported, so nothing was changed (--partial imports the others)`,
        );
      }
    }
    return report(await run({ dryRun: false, partial }, "imported"), "done");
  } finally {
    client.close();
  }
}

/** Shows the mapping that nobody gave, and stops where it names roles that do not exist. */
async function settleMapping(client: Client, { mapping }: Source, isGiven: boolean): Promise<void> {
  if (!mapping) return;
  const existing = await roleNames(client);
  const missing = [...new Set([...mapping.values()].flat())].filter((name) => !existing.has(name));
  if (missing.length === 0) {
    if (!isGiven) process.stderr.write(`${printed(mapping)}\n`);
    return;
  }
  if (!isGiven) process.stdout.write(`${printed(mapping)}\n`);
  const what = missing.length === 1 ? "the role" : "the roles";
  throw new Failure(
    `${what} ${missing.join(", ")} of the mapping ${missing.length === 1 ? "does" : "do"} not exist: ` +
      "make them (roles.create), or edit the mapping and give it by --mapping FILE; nothing was changed",
  );
}

async function roleNames(client: Client): Promise<Set<string>> {
  const names = new Set<string>();
  for (;;) {
    const { items, total } = await client.call("roles.list", { offset: names.size, limit: 500 });
    for (const { name } of items) names.add(name);
    if (names.size >= total || items.length === 0) return names;
  }
}

function reporting(file: string, doing: string) {
  let shown = 0;
  let told = 0;
  return {
    onFailed(place: string, why: string): void {
      shown += 1;
      if (shown <= MOST_FAILURES_SHOWN) say(`${file}, ${place}: ${why}`);
      if (shown === MOST_FAILURES_SHOWN + 1) say("more rows fail, which are counted only");
    },
    onProgress(rows: number): void {
      if (rows - told < PROGRESS_ROWS) return;
      told = rows;
      say(`${rows} rows ${doing}`);
    },
  };
}

function report({ created, updated, unchanged, failed, wantingPassword }: Totals, what: string): number {
  say(`${what}: ${created} created, ${updated} updated, ${unchanged} unchanged, ${failed} failed`);
  if (wantingPassword.length > 0) {
    say(`${wantingPassword.length} of them have no password yet (users.resetPassword gives one):`);
    for (const name of wantingPassword) process.stdout.write(`${name}\n`);
  }
  return failed > 0 ? 1 : 0;
}
