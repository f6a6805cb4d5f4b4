import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import type { FileSystem } from "../../daemon/store/json/files.ts";
import { type JsonStore, openJsonStore } from "../../daemon/store/json/json-store.ts";
import { addUser, open, temporaryDirectory, user } from "../daemon/store/json/fixtures.ts";
import {
  type Hook,
  interceptedFiles,
  type Operation,
  type SystemErrorCode,
  systemError,
} from "../daemon/store/json/intercepted-files.ts";
import { MemoryDisk } from "../daemon/store/json/memory-disk.ts";
import { tell } from "./effort.ts";
import { DIRECTORY, recover, runSession } from "./session.ts";

/** Healing is asked for by the tests alone. */
const limits = { probeMs: 1e9 };

async function usernames(store: JsonStore): Promise<string[]> {
  const sort = { by: "username", order: "asc" } as const;
  const { items } = await store.queryUsers({ filter: {}, sort, offset: 0, limit: 500, now: "" });
  for (const item of items) expect(await store.user(item.id)).toBe(item);
  return items.map(({ id }) => id);
}

/** Adds users some at a time, with a snapshot on the way; returns those that were acknowledged. */
async function work(store: JsonStore, after: () => Promise<void> = async () => {}): Promise<string[]> {
  const acknowledged: string[] = [];
  for (const round of ["a", "b", "c"]) {
    const ids = [1, 2, 3].map((number) => `${round}${number}`);
    const snapshot = Promise.allSettled(round === "b" ? [store.snapshot()] : []);
    const changes: Promise<void>[] = [];
    for (const id of ids) {
      const change = addUser(store, user(id));
      change.catch(() => {});
      changes.push(change);
      // So that the later ones gather while the first one is written.
      await setImmediate();
    }
    const outcomes = await Promise.allSettled(changes);
    for (const [index, outcome] of outcomes.entries()) {
      if (outcome.status === "fulfilled") acknowledged.push(ids[index] ?? "");
      else expect(outcome.reason).toMatchObject({ code: 503, data: { reason: "storeUnavailable" } });
    }
    await snapshot;
    await after();
  }
  return acknowledged;
}

const codes: SystemErrorCode[] = ["EIO", "ENOSPC", "EMFILE", "EACCES"];
const kinds: Operation[] = ["open", "write", "datasync", "sync", "rename", "unlink", "truncate"];
const untils = ["the next", "the end"] as const;
for (const code of codes) {
  test(`whichever call fails with ${code}, nothing acknowledged is lost, nothing refused is kept, and it heals`, async (context) => {
    const failed = await failEach(code, () => new MemoryDisk(), workThroughFailure);
    expect(failed).toBeGreaterThan(kinds.length);
    tell(context, `${failed} calls`);
  });
}

test("whichever call fails while it starts, the directory is let go, and the next start finds all there was", async (context) => {
  const used = new MemoryDisk();
  await runSession(used.files, () => {});
  const before = await recover(used.afterKill());
  let failed = 0;
  for (const code of codes) {
    failed += await failEach(
      code,
      () => used.afterKill(),
      async (disk, io, arm) => {
        arm(true);
        const store = await openJsonStore({ directory: DIRECTORY, io, limits }).catch(() => null);
        await store?.close();
        expect(await recover(disk)).toEqual(before);
      },
    );
  }
  expect(failed).toBeGreaterThan(codes.length * 2);
  tell(context, `${failed} calls`);
});

type Attempt = (disk: MemoryDisk, io: FileSystem, arm: (on: boolean) => void) => Promise<void>;

/**
 * Makes the attempt with the first, second, third… call of each kind failing, alone or with all that follow, until
 * there are no more; returns how many there are.
 */
async function failEach(code: SystemErrorCode, newDisk: () => MemoryDisk, attempt: Attempt): Promise<number> {
  let failed = 0;
  for (const kind of kinds) {
    for (const until of untils) {
      let failing = 1;
      while (await fail({ kind, code, until, failing }, newDisk(), attempt)) failing += 1;
      failed += failing - 1;
    }
  }
  return failed;
}

interface Failure {
  kind: Operation;
  code: SystemErrorCode;
  until: (typeof untils)[number];
  failing: number;
}

/** Returns whether the attempt came as far as the failing call. */
async function fail(
  { kind, code, until, failing }: Failure,
  disk: MemoryDisk,
  attempt: Attempt,
): Promise<boolean> {
  let armed = false;
  let seen = 0;
  const hook: Hook = async (operation) => {
    if (operation === "datasync") await setImmediate();
    if (!armed || operation !== kind) return undefined;
    seen += 1;
    if (until === "the end" ? seen >= failing : seen === failing) throw systemError(code);
    return undefined;
  };
  await attempt(disk, interceptedFiles(hook, disk.files), (on) => {
    armed = on;
  });
  return seen >= failing;
}

async function workThroughFailure(
  disk: MemoryDisk,
  io: FileSystem,
  arm: (on: boolean) => void,
): Promise<void> {
  const store = await openJsonStore({ directory: DIRECTORY, io, limits });
  arm(true);
  const acknowledged = await work(store, () => store.heal().catch(() => {}));
  arm(false);
  await store.heal();
  await addUser(store, user("last"));
  expect(store.status()).toMatchObject({ healthy: true, reason: null });
  expect(await usernames(store)).toEqual([...acknowledged, "last"]);
  // What is on disk at this moment is what memory holds.
  const { seq, users } = await recover(disk.afterKill());
  expect(users).toHaveLength(acknowledged.length + 1);
  expect(seq).toBe(store.status().seq);
  await store.close();
  expect((await recover(disk)).users).toEqual(users);
}

test("while writing fails the store says so, refuses changes and goes on reading", async () => {
  let broken = false;
  const io = interceptedFiles((operation) => {
    if (broken && operation === "datasync") throw systemError("EIO");
    return undefined;
  });
  const store = await open({ directory: await temporaryDirectory(), io, limits });
  await addUser(store, user("a"));
  broken = true;
  await expect(addUser(store, user("b"))).rejects.toMatchObject({ code: 503 });
  await expect(addUser(store, user("c"))).rejects.toMatchObject({ code: 503 });
  expect(store.status()).toMatchObject({ healthy: false, reason: "EIO: injected", seq: 1 });
  expect(await store.user("a")).toBeDefined();
  expect(await store.user("b")).toBeUndefined();
  broken = false;
  await store.heal();
  await addUser(store, user("b"));
  expect(store.status()).toMatchObject({ healthy: true, seq: 2 });
});

test("a change that is refused is off the disk when the refusal is heard", async () => {
  const disk = new MemoryDisk();
  const io = interceptedFiles((operation) => {
    if (operation === "datasync") throw systemError("EIO");
    return undefined;
  }, disk.files);
  const store = await openJsonStore({ directory: DIRECTORY, io, limits });
  await expect(addUser(store, user("a"))).rejects.toMatchObject({ code: 503 });
  expect((await recover(disk.afterKill())).users).toEqual([]);
  await store.close();
});

test("it heals by itself once a probe succeeds", async () => {
  let broken = false;
  const io = interceptedFiles((operation) => {
    if (broken && (operation === "write" || operation === "datasync")) throw systemError("ENOSPC");
    return undefined;
  });
  const store = await open({ directory: await temporaryDirectory(), io, limits: { probeMs: 1 } });
  broken = true;
  await expect(addUser(store, user("a"))).rejects.toMatchObject({ code: 503 });
  broken = false;
  await expect.poll(() => store.status().healthy).toBe(true);
  await addUser(store, user("a"));
});

test("short writes are gone on with", async () => {
  const directory = await temporaryDirectory();
  const store = await open({
    directory,
    io: interceptedFiles((operation, _path, length = 0) =>
      operation === "write" ? Math.max(7, Math.floor(length / 3)) : undefined,
    ),
  });
  const acknowledged = await work(store);
  await store.close();
  expect(acknowledged).toHaveLength(9);
  expect(await usernames(await open({ directory }))).toEqual(acknowledged);
});

test("a write that stops half-way is cut off before anything else is written", async () => {
  const directory = await temporaryDirectory();
  let writes = 0;
  let armed = false;
  const io = interceptedFiles((operation, path) => {
    if (!armed || operation !== "write" || !path.includes("journal")) return undefined;
    writes += 1;
    if (writes === 2) throw systemError("ENOSPC");
    return 100;
  });
  const store = await open({ directory, io, limits });
  armed = true;
  await expect(addUser(store, user("a"))).rejects.toMatchObject({ code: 503 });
  armed = false;
  await store.heal();
  await addUser(store, user("b"));
  await store.close();
  expect(await usernames(await open({ directory }))).toEqual(["b"]);
});
