/** `npm run bench [-- SECTION… --json FILE --quick]`: measures Roster beside its peers and prints the tables. */
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createBench, fullPlan, quickPlan, type Section, sectionPlan } from "./bench.ts";
import { events } from "./events.ts";
import { login } from "./login.ts";
import { describeMachine } from "./machine.ts";
import { memory } from "./memory.ts";
import { query } from "./query.ts";
import { isMet, renderTable, type Table } from "./report.ts";
import { rpc } from "./rpc.ts";
import { start } from "./start.ts";
import { store } from "./store.ts";
import { tui } from "./tui.ts";

const sections: Record<string, Section> = { rpc, store, query, login, events, start, memory, tui };

/** Where the build is, so on the disk that holds the checkout. */
const scratch = fileURLToPath(new URL("../../..", import.meta.url));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "string" }, quick: { type: "boolean", default: false } },
});
const names = positionals.length > 0 ? positionals : Object.keys(sections);
const unknown = names.filter((name) => !(name in sections));
if (unknown.length > 0) {
  say(
    process.stderr,
    `There is no section ${unknown.join(", ")}: choose from ${Object.keys(sections).join(", ")}.`,
  );
  process.exit(2);
}

const wholePlan = names.length === 1 ? sectionPlan : fullPlan;
const bench = await createBench({ ...(values.quick ? quickPlan : wholePlan) }, scratch, (text) =>
  say(process.stderr, `  ${text}`),
);
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => bench.end().finally(() => process.exit(1)));
}

const machine = describeMachine();
const at = new Date().toISOString();
say(process.stdout, `${at}\n${machine}\n`);
const measured: Record<string, Table[]> = {};
try {
  for (const name of names) {
    const tables = (await sections[name]?.(bench)) ?? [];
    measured[name] = tables;
    for (const table of tables) say(process.stdout, renderTable(table));
  }
} finally {
  await bench.end();
}
if (values.json !== undefined) {
  await writeFile(
    values.json,
    `${JSON.stringify({ at, machine, sections: withVerdicts(measured) }, null, 2)}\n`,
  );
}

function withVerdicts(all: Record<string, Table[]>): Record<string, object[]> {
  return Object.fromEntries(
    Object.entries(all).map(([name, tables]) => [
      name,
      tables.map((table) => ({
        ...table,
        goals: table.goals.map((goal) => ({ ...goal, met: isMet(goal) })),
      })),
    ]),
  );
}

function say(stream: NodeJS.WriteStream, text: string): void {
  stream.write(`${text}\n`);
}
