import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { Daemon } from "../e2e/daemon.ts";
import { type Chance, chanceOf, inLanes, tell, times } from "./effort.ts";
import { assertKept, assertWhole, contentOf } from "./rounds.ts";
import { connect, Writers } from "./writers.ts";

const program = fileURLToPath(new URL("../../dist/faults/rosterd.js", import.meta.url));
/** Directories stay small enough that snapshots are frequent. */
const CYCLES_PER_DIRECTORY = times(10, 25);
const DIRECTORIES = times(5, 40);
/** A daemon mostly waits for its disk; in full, other campaigns run beside. */
const LANES = times(5, 2);

test(
  "kill -9 under eight writing clients loses no acknowledged change and shows none by half",
  async (context) => {
    let acknowledged = 0;
    await inLanes(LANES, DIRECTORIES, async (directory) => {
      acknowledged += await killAgainAndAgain(chanceOf(`kill in directory ${directory}`));
    });
    tell(
      context,
      `${DIRECTORIES * CYCLES_PER_DIRECTORY} cycles, ${acknowledged} rounds of 11 changes acknowledged`,
    );
  },
  times(300_000, 3_600_000),
);

test("kill -9 shows transactions that are written by half", async (context) => {
  const error: Error = await killAgainAndAgain(chanceOf("without wholeness"), "wholeness").then(
    () => expect.fail("all were whole"),
    (error) => error,
  );
  expect(error.message).toMatch(/^(seen|left) by half/);
  tell(context, error.message.split("\n")[0]?.slice(0, 100) ?? "");
});

/** Kills one daemon over and over; returns how many rounds it had acknowledged. */
async function killAgainAndAgain(chance: Chance, without = ""): Promise<number> {
  const daemon = await Daemon.start([], { program, env: { ROSTER_FAULTS_WITHOUT: without } });
  try {
    const acknowledged: Writers["acknowledged"] = [];
    for (let cycle = 0; cycle < CYCLES_PER_DIRECTORY; cycle += 1) {
      const writers = new Writers(daemon.socket, `c${cycle}`);
      await writers.reach(chance);
      await kill(daemon, chance);
      await writers.ended();
      await daemon.restart();
      const client = await connect(daemon.socket);
      const content = await contentOf(client);
      await assertKept(client, content, writers.acknowledged);
      assertWhole(content);
      client.close();
      acknowledged.push(...writers.acknowledged);
    }
    const client = await connect(daemon.socket);
    await assertKept(client, await contentOf(client), acknowledged);
    const { seq, hash } = await client.call("audit.tip", {});
    client.close();
    await assertSnapshots(daemon.directory);
    await daemon.kill();
    await daemon.verify("--tip", `${seq}:${hash}`);
    return acknowledged.length;
  } finally {
    await daemon.remove();
  }
}

/** Otherwise the kills met none. */
async function assertSnapshots(directory: string): Promise<void> {
  const { seq } = JSON.parse(await readFile(join(directory, "users.json"), "utf8"));
  expect(seq).toBeGreaterThan(0);
}

async function kill(daemon: Daemon, chance: Chance): Promise<void> {
  const kind = chance.pick(["at work", "at work", "while it stops", "while it starts"]);
  if (kind === "while it stops") await daemon.stopAndKill(chance.between(0, 20));
  await daemon.kill();
  if (kind === "while it starts") await daemon.restartAndKill(chance.between(50, 250));
}
