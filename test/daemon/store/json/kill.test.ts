import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { open, temporaryDirectory } from "./fixtures.ts";

const child = fileURLToPath(new URL("./kill-child.js", import.meta.url));
const CYCLES = 15;

/** Lets a process change things until it has acknowledged `enough`, kills it, and returns the last number of each slot. */
async function changeUntilKilled(
  directory: string,
  first: number,
  enough: number,
): Promise<Map<string, number>> {
  const running = spawn(process.execPath, [child, directory, `${first}`], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(running, "close");
  let text = "";
  for await (const chunk of running.stdout) {
    text += chunk;
    if (text.split("\n").length > enough) running.kill("SIGKILL");
  }
  await ended;
  expect(running.signalCode).toBe("SIGKILL");
  const lines = text.split("\n").slice(0, -1);
  return new Map(lines.map((line) => line.split(" ")).map(([slot = "", number]) => [slot, Number(number)]));
}

test("what was acknowledged survives kill -9, again and again", async () => {
  const directory = await temporaryDirectory();
  let first = 1;
  for (let cycle = 0; cycle < CYCLES; cycle++) {
    const acknowledged = await changeUntilKilled(directory, first, 20 + cycle * 13);
    const store = await open({ directory });
    for (const [slot, number] of acknowledged) {
      const kept = (await store.settings(`slot-${slot}`))?.revision ?? 0;
      // One more may have been on its way when the process died.
      expect(kept).toBeGreaterThanOrEqual(number);
      expect(kept).toBeLessThanOrEqual(number + 1);
      first = Math.max(first, kept + 1);
    }
    await store.close();
  }
}, 60_000);
