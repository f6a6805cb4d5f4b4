import { expect, test } from "vitest";
import type { FileSystem } from "../../../../daemon/store/json/files.ts";
import { type JsonStore, openJsonStore } from "../../../../daemon/store/json/json-store.ts";
import { addUser, open, temporaryDirectory, user } from "./fixtures.ts";
import { type Hook, interceptedFiles, type Operation, systemError } from "./intercepted-files.ts";

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
    const outcomes = await Promise.allSettled(ids.map((id) => addUser(store, user(id))));
    for (const [index, outcome] of outcomes.entries()) {
      if (outcome.status === "fulfilled") acknowledged.push(ids[index] ?? "");
      else expect(outcome.reason).toMatchObject({ code: 503, data: { reason: "storeUnavailable" } });
    }
    await snapshot;
    await after();
  }
  return acknowledged;
}

/** Runs `attempt` with the first, second, third… operation of a kind failing, until there are no more. */
async function failEach(
  kind: Operation,
  failure: () => Error,
  attempt: (io: FileSystem, arm: (on: boolean) => void) => Promise<void>,
): Promise<number> {
  for (let failing = 1; ; failing++) {
    let armed = false;
    let seen = 0;
    const hook: Hook = (operation) => {
      if (!armed || operation !== kind) return undefined;
      seen += 1;
      if (seen === failing) throw failure();
      return undefined;
    };
    await attempt(interceptedFiles(hook), (on) => {
      armed = on;
    });
    if (seen < failing) return failing - 1;
  }
}

for (const kind of ["open", "write", "datasync", "sync", "rename", "truncate"] as const) {
  test(`whichever ${kind} fails, nothing acknowledged is lost, nothing refused is kept, and it heals`, async () => {
    const failed = await failEach(
      kind,
      () => systemError("ENOSPC"),
      async (io, arm) => {
        const directory = await temporaryDirectory();
        const store = await open({ directory, io, limits });
        arm(true);
        const acknowledged = await work(store, () => store.heal().catch(() => {}));
        arm(false);
        await store.heal();
        await addUser(store, user("last"));
        expect(store.status()).toMatchObject({ healthy: true, reason: null });
        expect(await usernames(store)).toEqual([...acknowledged, "last"]);
        await store.close();
        const again = await open({ directory });
        expect(await usernames(again)).toEqual([...acknowledged, "last"]);
        await again.close();
      },
    );
    expect(failed).toBeGreaterThanOrEqual(kind === "truncate" ? 0 : 1);
  });
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
    io: interceptedFiles((operation) => (operation === "write" ? 7 : undefined)),
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

test("a process that dies at any step, making the directory included, loses nothing acknowledged", async () => {
  for (let steps = 0; ; steps++) {
    const directory = await temporaryDirectory();
    let taken = 0;
    const io = interceptedFiles(() => {
      taken += 1;
      if (taken > steps) throw systemError("EIO");
      return undefined;
    });
    const acknowledged: string[] = [];
    const store = await openJsonStore({ directory, io, limits }).catch(() => null);
    if (store) {
      acknowledged.push(...(await work(store)));
      await store.close();
    }
    const again = await open({ directory });
    expect(await usernames(again)).toEqual(expect.arrayContaining(acknowledged));
    await again.close();
    if (taken <= steps) break;
  }
}, 60_000);
