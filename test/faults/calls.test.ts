import { beforeAll, expect, test } from "vitest";
import { interceptedFiles, type Operation, systemError } from "../daemon/store/json/intercepted-files.ts";
import { MemoryDisk } from "../daemon/store/json/memory-disk.ts";
import { type Chance, chanceOf, inFull, tell, times } from "./effort.ts";
import { recover, runSession, type State, statesOf } from "./session.ts";

/** After the call at which the process ends, nothing that it asks for is done. */
interface End {
  atCall: number;
  /** Of a write at that call, so much is done: from 0 to 1. */
  written?: number;
}

/** Syncs that are taken out to see whether that is noticed. */
type Without = (operation: Operation, path: string) => boolean;

let states: State[] = [];
beforeAll(async () => {
  states = await statesOf(() => new MemoryDisk());
});

test("a process killed at any call to the file system recovers to before or after its change", async (context) => {
  const points = await endAtEveryCall({}, (disk) => [disk.afterKill()]);
  tell(context, `${points} calls`);
});

test("a process killed in the middle of any write recovers to before or after its change", async (context) => {
  let points = 0;
  for (const written of inFull ? [0.01, 0.5, 0.99] : [0.5]) {
    points += await endAtEveryCall({ written }, (disk) => [disk.afterKill()]);
  }
  tell(context, `${points} calls`);
});

test("a power cut at any call to the file system recovers to before or after the change", async (context) => {
  const chance = chanceOf("power cut at any call");
  const cuts = times(3, 100);
  const points = await endAtEveryCall({ written: 0.5 }, (disk) => powerCuts(disk, cuts, chance));
  tell(context, `${points} calls, ${cuts} cuts at each`);
});

test("so it does when the power goes again while it recovers", async (context) => {
  const chance = chanceOf("power cut at any call, and again");
  const cuts = times(3, 50);
  const points = await endAtEveryCall({ written: 0.5 }, async (disk) => {
    const found = powerCuts(disk, cuts, chance);
    for (const one of found) await cutRecovery(one, chance.between(1, 20));
    return found.map((one) => one.afterPowerCut(chance));
  });
  tell(context, `${points} calls, ${cuts} cuts at each`);
});

const withouts: [string, Without][] = [
  ["of the journal", (operation) => operation === "datasync"],
  ["of the snapshot", (operation, path) => operation === "sync" && path.includes("users.json")],
  ["of the directory", (operation, path) => operation === "sync" && !path.includes(".")],
  [
    "of a segment that the next one follows",
    (operation, path) => operation === "sync" && path.includes("data/journal"),
  ],
  ["of what is sealed", (operation, path) => operation === "sync" && path.includes("audit/journal")],
];
for (const [name, without] of withouts) {
  test(`power cuts would show a missing sync ${name}`, async () => {
    const chance = chanceOf(`without the sync ${name}`);
    const cut = endAtEveryCall({}, (disk) => powerCuts(disk, 10, chance), without);
    await expect(cut).rejects.toThrow(/^After call \d+/);
  });
}

function powerCuts(disk: MemoryDisk, count: number, chance: Chance): MemoryDisk[] {
  return Array.from({ length: count }, () => disk.afterPowerCut(chance));
}

/** Ends the session at its first, second, third… call, and recovers from the disks that are found then. */
async function endAtEveryCall(
  end: Omit<End, "atCall">,
  disksFound: (disk: MemoryDisk) => MemoryDisk[] | Promise<MemoryDisk[]>,
  without: Without = () => false,
): Promise<number> {
  for (let atCall = 1; ; atCall++) {
    const disk = new MemoryDisk();
    const { acknowledged, calls } = await runUntil(disk, { ...end, atCall }, without);
    for (const found of await disksFound(disk))
      await assertRecovers(found, acknowledged, `After call ${atCall}`);
    if (calls < atCall) return atCall - 1;
  }
}

async function cutRecovery(disk: MemoryDisk, atCall: number): Promise<void> {
  let calls = 0;
  const io = interceptedFiles(() => {
    calls += 1;
    if (calls >= atCall) throw systemError("EIO");
    return undefined;
  }, disk.files);
  await recover(disk, io).catch((error: Error) => {
    if (calls < atCall) throw error;
  });
}

/** Throws unless nothing acknowledged is lost and at most the change that was under way has been added, as a whole. */
async function assertRecovers(disk: MemoryDisk, acknowledged: number, when: string): Promise<void> {
  const allowed = states.slice(acknowledged, acknowledged + 2);
  const state = await recover(disk).catch((error: Error) => error.message);
  if (allowed.some((one) => JSON.stringify(one) === JSON.stringify(state))) return;
  throw new Error(`${when}, ${acknowledged} changes acknowledged, it found ${JSON.stringify(state)}`);
}

async function runUntil(
  disk: MemoryDisk,
  { atCall, written }: End,
  without: Without,
): Promise<{ acknowledged: number; calls: number }> {
  let calls = 0;
  let acknowledged = 0;
  const hook = (operation: Operation, path: string, length = 0): number | undefined => {
    calls += 1;
    if (calls === atCall && operation === "write" && written !== undefined)
      return Math.ceil(length * written);
    if (calls >= atCall) throw systemError("EIO");
    return without(operation, path) ? 0 : undefined;
  };
  const session = runSession(interceptedFiles(hook, disk.files), (done) => {
    if (calls < atCall) acknowledged = done;
  });
  await session.catch((error: Error) => {
    if (calls < atCall) throw error;
  });
  return { acknowledged, calls };
}
