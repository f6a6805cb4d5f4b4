import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Entry } from "../../../../protocol/index.ts";
import { refusal } from "../../../../protocol/index.ts";
import { actor, addUser, open, temporaryDirectory, user } from "./fixtures.ts";
import { interceptedFiles, systemError } from "./intercepted-files.ts";

/** A file system whose journal syncs wait until they are let through, or made to fail. */
function gatedSyncs() {
  let gate: Promise<void> = Promise.resolve();
  let arrived = (): void => {};
  const io = interceptedFiles(async (operation) => {
    if (operation !== "datasync") return undefined;
    arrived();
    await gate;
    return undefined;
  });
  return {
    io,
    /** Holds the next sync back; `reached` resolves when it is asked for. */
    hold() {
      let release = (): void => {};
      let fail = (_: Error): void => {};
      gate = new Promise((resolve, reject) => {
        release = resolve;
        fail = reject;
      });
      gate.catch(() => {});
      const reached = new Promise<void>((resolve) => {
        arrived = resolve;
      });
      return { reached, release, fail };
    },
  };
}

test("transactions that come together share a sync", async () => {
  let syncs = 0;
  const io = interceptedFiles((operation) => {
    if (operation === "datasync") syncs += 1;
    return undefined;
  });
  const store = await open({ directory: await temporaryDirectory(), io });
  await Promise.all(Array.from({ length: 200 }, (_, index) => addUser(store, user(`${index}`))));
  expect(await store.countUsers()).toBe(200);
  expect(syncs).toBeLessThan(10);
});

test("nobody hears of a change before it is on disk: not by its answer, a query or an event", async () => {
  const { io, hold } = gatedSyncs();
  const store = await open({ directory: await temporaryDirectory(), io });
  const heard: Entry[] = [];
  store.onEntries((entries) => heard.push(...entries));
  const sync = hold();
  let answered = false;
  const change = addUser(store, user("a")).then(() => {
    answered = true;
  });
  await sync.reached;
  expect([answered, await store.user("a"), heard, store.status().seq]).toEqual([false, undefined, [], 0]);
  sync.release();
  await change;
  expect(await store.user("a")).toEqual(user("a"));
  await expect.poll(() => heard.length).toBe(1);
});

test("a refusal that was decided from pending changes is told once they are on disk", async () => {
  const { io, hold } = gatedSyncs();
  const store = await open({ directory: await temporaryDirectory(), io });
  const sync = hold();
  const order: string[] = [];
  const first = addUser(store, user("a")).then(() => order.push("added"));
  const second = store
    .transaction(actor, async (tx) => {
      if (await tx.userByName("name-a")) throw refusal("alreadyExists", "There is a user name-a");
    })
    .catch((error) => order.push(error.reason));
  await sync.reached;
  expect(order).toEqual([]);
  sync.release();
  await Promise.all([first, second]);
  expect(order).toEqual(["added", "alreadyExists"]);
});

test("when the write fails, everything that had seen the change is refused with it", async () => {
  const { io, hold } = gatedSyncs();
  const store = await open({ directory: await temporaryDirectory(), io, limits: { probeMs: 1e9 } });
  const sync = hold();
  const first = addUser(store, user("a"));
  const seen = store.transaction(actor, async (tx) => tx.user("a"));
  const refused = store.transaction(actor, async (tx) => {
    if (await tx.user("a")) throw refusal("alreadyExists", "There is a user a");
  });
  const outcomes = Promise.allSettled([first, seen, refused]);
  await sync.reached;
  const gathering = Promise.allSettled([addUser(store, user("b"))]);
  sync.fail(systemError("EIO"));
  for (const outcome of [...(await outcomes), ...(await gathering)]) {
    expect(outcome).toMatchObject({ status: "rejected", reason: { code: 503 } });
  }
  expect(await store.countUsers()).toBe(0);
  hold().release();
  await store.heal();
  expect(await store.transaction(actor, async (tx) => tx.countUsers())).toBe(0);
});

test("what a transaction put is seen by later ones at once, through every look-up", async () => {
  const { io, hold } = gatedSyncs();
  const store = await open({ directory: await temporaryDirectory(), io });
  await addUser(store, user("a", { roles: ["viewer"] }));
  await addUser(store, user("b", { roles: ["viewer"] }));
  const sync = hold();
  const pending = [
    addUser(store, user("a", { username: "renamed", roles: ["admin"] })),
    store.transaction(actor, async (tx) => {
      tx.delete("users", "b");
      tx.entry("user.deleted", null);
    }),
    addUser(store, user("c", { username: "name-a", roles: ["viewer", "admin"] })),
  ];
  const look = store.transaction(actor, async (tx) => ({
    byName: [await tx.userByName("renamed"), await tx.userByName("name-a"), await tx.userByName("name-b")],
    admins: (await tx.usersWithRole("admin")).map(({ id }) => id),
    viewers: (await tx.usersWithRole("viewer")).map(({ id }) => id),
    counts: [
      await tx.countUsersWithRole("admin"),
      await tx.countUsersWithRole("viewer"),
      await tx.countUsers(),
    ],
  }));
  await sync.reached;
  sync.release();
  const seen = await look;
  await Promise.all(pending);
  expect(seen.byName.map((found) => found?.id)).toEqual(["a", "c", undefined]);
  expect(seen).toMatchObject({ admins: ["a", "c"], viewers: ["c"], counts: [2, 1, 2] });
  expect((await store.usersWithRole("admin")).map(({ id }) => id)).toEqual(["a", "c"]);
});

test("a change that comes while an earlier one is being synced waits for its own sync", async () => {
  const { io, hold } = gatedSyncs();
  const store = await open({ directory: await temporaryDirectory(), io });
  const first = hold();
  const early = addUser(store, user("a", { revision: 1 }));
  await first.reached;
  const late = addUser(store, user("a", { revision: 2 }));
  const second = hold();
  first.release();
  await early;
  await second.reached;
  expect((await store.user("a"))?.revision).toBe(1);
  second.release();
  await late;
  expect((await store.user("a"))?.revision).toBe(2);
});

test("head counts a change once, before and after it has become durable", async () => {
  const { io, hold } = gatedSyncs();
  const store = await open({ directory: await temporaryDirectory(), io });
  const counts = () =>
    store.transaction(actor, async (tx) => [await tx.countUsers(), await tx.countUsersWithRole("viewer")]);
  const first = hold();
  const early = addUser(store, user("a"));
  await first.reached;
  const late = addUser(store, user("b"));
  const second = hold();
  first.release();
  await early;
  await second.reached;
  const meanwhile = counts();
  second.release();
  await late;
  expect(await meanwhile).toEqual([2, 2]);
  expect(await counts()).toEqual([2, 2]);
});

test("a transaction still under way sees the same while what it saw becomes durable", async () => {
  const { io, hold } = gatedSyncs();
  const store = await open({ directory: await temporaryDirectory(), io });
  const sync = hold();
  const first = addUser(store, user("a"));
  await sync.reached;
  const seen = await store.transaction(actor, async (tx) => {
    tx.put("users", user("b"));
    tx.entry("user.created", null);
    const before = [await tx.countUsers(), await tx.countUsersWithRole("viewer")];
    sync.release();
    await first;
    return { before, after: [await tx.countUsers(), await tx.countUsersWithRole("viewer")] };
  });
  expect(seen).toEqual({ before: [2, 2], after: [2, 2] });
});

test("a transaction that saw what a failed write has dropped is refused, even after healing", async () => {
  const { io, hold } = gatedSyncs();
  const store = await open({ directory: await temporaryDirectory(), io, limits: { probeMs: 1e9 } });
  const sync = hold();
  const first = addUser(store, user("a"));
  let goOn = (): void => {};
  const healed = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const second = store.transaction(actor, async (tx) => {
    const seen = await tx.user("a");
    await healed;
    tx.put("users", user("b", { fullName: `after ${seen?.username}` }));
    tx.entry("user.created", null);
  });
  const outcomes = Promise.allSettled([first, second]);
  await sync.reached;
  sync.fail(systemError("EIO"));
  await expect(first).rejects.toMatchObject({ code: 503 });
  hold().release();
  await store.heal();
  goOn();
  expect(await outcomes).toMatchObject([
    { status: "rejected" },
    { status: "rejected", reason: { code: 503 } },
  ]);
  expect(await store.countUsers()).toBe(0);
});

test("a handle that failed once is not used again: nothing more is written to it, and no sync is tried twice", async () => {
  const calls: string[] = [];
  let failing = false;
  const io = interceptedFiles((operation, path) => {
    if (!path.endsWith("journal-1.jsonl")) return undefined;
    calls.push(operation);
    if (failing && operation === "datasync") throw systemError("EIO");
    return undefined;
  });
  const store = await open({ directory: await temporaryDirectory(), io, limits: { probeMs: 1e9 } });
  await addUser(store, user("z"));
  failing = true;
  calls.length = 0;
  await expect(addUser(store, user("a"))).rejects.toMatchObject({ code: 503 });
  await expect(addUser(store, user("b"))).rejects.toMatchObject({ code: 503 });
  // Opened anew to cut off what may have been written.
  expect(calls).toEqual(["write", "datasync", "open", "truncate", "sync"]);
  failing = false;
  await store.heal();
  await addUser(store, user("c"));
  expect(await store.countUsers()).toBe(2);
});

test("a journal that lost what was on disk does not heal", async () => {
  const directory = await temporaryDirectory();
  let failing = false;
  const io = interceptedFiles((operation) => {
    if (failing && operation === "datasync") throw systemError("EIO");
    return undefined;
  });
  const store = await open({ directory, io, limits: { probeMs: 1e9 } });
  await addUser(store, user("a"));
  failing = true;
  await expect(addUser(store, user("b"))).rejects.toMatchObject({ code: 503 });
  failing = false;
  const path = join(directory, "journal-1.jsonl");
  const whole = await readFile(path);
  await writeFile(path, Buffer.alloc(whole.length, 0));
  await expect(store.heal()).rejects.toThrow("journal-1.jsonl, line 1");
  await expect(addUser(store, user("c"))).rejects.toMatchObject({ code: 503 });
  await writeFile(path, whole);
  await store.heal();
  await addUser(store, user("c"));
});
