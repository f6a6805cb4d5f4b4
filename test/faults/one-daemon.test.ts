import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { tell, times } from "./effort.ts";

const program = fileURLToPath(new URL("../../dist/daemon/main.js", import.meta.url));
const DAEMONS = times(10, 50);

/** What a daemon said last before it ran or ended. */
interface Start {
  child: ChildProcess;
  runs: boolean;
  said: string;
}

test("of daemons started at once on one directory exactly one runs, and the others say whose it is", async (context) => {
  const parent = await mkdtemp(join(tmpdir(), "roster-faults-"));
  onTestFinished(() => rm(parent, { recursive: true }));
  const directory = join(parent, "data");
  // The first time there is no directory yet; the second time it tells of the one that was killed.
  await assertOneRuns(directory);
  await assertOneRuns(directory);
  tell(context, `${DAEMONS} daemons, twice`);
});

async function assertOneRuns(directory: string): Promise<void> {
  const starts = await Promise.all(Array.from({ length: DAEMONS }, () => start(directory)));
  const running = starts.filter(({ runs }) => runs);
  for (const { child } of running) child.kill("SIGKILL");
  expect(running).toHaveLength(1);
  const [{ child: { pid } = {} } = {}] = running;
  for (const { said } of starts.filter(({ runs }) => !runs)) {
    expect(said).toContain(`${directory}: process ${pid} (started `);
    expect(said).toContain("is using this data directory. Stop it first, or choose another --data");
  }
}

async function start(directory: string): Promise<Start> {
  const child = spawn(process.execPath, [program, "--data", directory, "--listen", "127.0.0.1:0"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  for await (const line of createInterface({ input: child.stdout })) {
    said = JSON.parse(line).msg;
    if (said === "ready") return { child, runs: true, said };
  }
  return { child, runs: false, said };
}
