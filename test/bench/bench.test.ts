import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Goal, Table } from "./report.ts";

const root = join(import.meta.dirname, "../..");
let built: string;

beforeAll(async () => {
  // Below the checkout, where the compiled files find node_modules; not dist itself, which others run.
  const parent = join(root, "dist");
  await mkdir(parent, { recursive: true });
  built = await mkdtemp(join(parent, "bench-test-"));
  await promisify(execFile)("npx", ["tsc", "-p", "tsconfig.bench.json", "--outDir", built], { cwd: root });
}, 60_000);

afterAll(() => rm(built, { recursive: true }));

describe("npm run bench", () => {
  test.each(["rpc", "store", "query", "login", "events", "start", "memory", "tui"])(
    "measures %s, writes tables and figures, and leaves no process behind",
    async (section) => {
      const json = join(built, `${section}.json`);
      const { status, output, errors, group } = await runBench(section, "--quick", "--json", json);
      expect(status, errors).toBe(0);
      expect(() => process.kill(-group, 0)).toThrow("ESRCH");

      const { machine, sections } = JSON.parse(await readFile(json, "utf8"));
      expect(machine).toContain("Node v");
      expect(Object.keys(sections)).toEqual([section]);
      const tables: Table[] = sections[section];
      for (const { title, rows } of tables) {
        expect(output).toContain(title);
        expect(rows).not.toHaveLength(0);
        for (const { name, ...figures } of rows) {
          for (const measured of ["rate", "ratio", "milliseconds"]) {
            if (measured in figures) expect(figures[measured], name).toBeGreaterThan(0);
          }
        }
      }
      const goals = tables.flatMap((table) => table.goals);
      expect(goals).not.toHaveLength(0);
      for (const goal of goals) expect(goal).toMatchObject(statedGoal);
    },
    60_000,
  );

  test("names the sections there are when asked for another", async () => {
    const { status, errors } = await runBench("speed");
    expect(status).toBe(2);
    expect(errors).toContain(
      "There is no section speed: choose from rpc, store, query, login, events, start, memory, tui.",
    );
  });
});

const statedGoal: Record<keyof Goal, unknown> = {
  what: expect.any(String),
  bound: expect.stringMatching(/^at (least|most)$/),
  goal: expect.any(Number),
  reached: expect.toSatisfy((reached) => reached === null || typeof reached === "number"),
};

/** Runs it as the leader of a process group, so that whatever it leaves behind can be seen. */
async function runBench(...args: string[]) {
  const child = spawn(process.execPath, [join(built, "test/bench/main.js"), ...args], { detached: true });
  const output: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on("data", (chunk) => output.push(chunk));
  child.stderr.on("data", (chunk) => errors.push(chunk));
  const [status] = await once(child, "close");
  return {
    status,
    output: Buffer.concat(output).toString(),
    errors: Buffer.concat(errors).toString(),
    group: child.pid ?? 0,
  };
}
