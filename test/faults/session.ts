import type { FileSystem } from "../../daemon/store/json/files.ts";
import { type JsonStore, openJsonStore } from "../../daemon/store/json/json-store.ts";
import { Problems, problemText } from "../../daemon/store/json/problem.ts";
import { checkHistory } from "../../daemon/store/json/verify.ts";
import type { Entry } from "../../protocol/index.ts";
import { actor, addUser, key, putUser, user } from "../daemon/store/json/fixtures.ts";
import type { MemoryDisk } from "../daemon/store/json/memory-disk.ts";

export const DIRECTORY = "/data";

/** Healing and probing are asked for by the tests alone. */
const limits = { probeMs: 1e9 };

/** What users.json says: the position, and every record; and the first and last position of the audit, without gap. */
export type State = { seq: number; audit: readonly [number, number] } & Record<string, unknown>;

/** One change of the session, which may be several records and several entries: all of them, or none. */
const changes: ((store: JsonStore) => Promise<unknown>)[] = [
  (store) => addUser(store, user("ada")),
  (store) =>
    store.transaction(actor, async (tx) => {
      for (const id of ["ben", "cleo", "dan"]) putUser(tx, user(id));
    }),
  (store) =>
    store.transaction(actor, async (tx) => {
      tx.put("keys", key("first", "ada", { rotatedTo: "second" }));
      tx.put("keys", key("second", "ada", { rotatedFrom: "first" }));
      tx.entry("key.rotated", { kind: "key", id: "first", name: "a key" });
    }),
  (store) => store.snapshot(),
  (store) => addUser(store, user("ada", { fullName: "A longer name ".repeat(100), revision: 2 })),
  (store) =>
    store.transaction(actor, async (tx) => {
      tx.delete("users", "ben");
      tx.entry("user.purged", { kind: "user", id: "ben", name: "name-ben" });
      tx.put("settings", { id: "cleo", settings: { studio: { of: "cleo" } }, revision: 1 });
      tx.entry("settings.saved", { kind: "user", id: "cleo", name: "name-cleo" });
    }),
  async (store) => {
    store.countUse("second", "2026-01-02T00:00:00.000Z", "127.0.0.1");
    await store.flushUsage();
  },
  (store) => store.snapshot(),
  (store) => addUser(store, user("eve")),
  (store) => store.pruneEntries({ since: null, bytes: 0 }),
  (store) => addUser(store, user("fay")),
  (store) => store.close(),
];

/**
 * Opens a new directory, changes it, and takes snapshots on the way. Told is what has been acknowledged: the number of
 * changes. Throws when something could not be done.
 */
export async function runSession(io: FileSystem, told: (done: number) => void): Promise<void> {
  const store = await openJsonStore({ directory: DIRECTORY, io, limits });
  try {
    told(0);
    for (const [index, change] of changes.entries()) {
      await change(store);
      told(index + 1);
    }
  } finally {
    await store.close();
  }
}

/** The state after each so many changes. */
export async function statesOf(newDisk: () => MemoryDisk): Promise<State[]> {
  const states: State[] = [];
  for (let count = 0; count <= changes.length; count++) {
    const disk = newDisk();
    const store = await openJsonStore({ directory: DIRECTORY, io: disk.files, limits });
    for (const change of changes.slice(0, count)) await change(store);
    await store.close();
    states.push(await recover(disk));
  }
  return states;
}

/** Starts on what is on the disk, and reads what it has made of it. Throws what keeps it from starting. */
export async function recover(disk: MemoryDisk, io = disk.files): Promise<State> {
  const store = await openJsonStore({ directory: DIRECTORY, io, limits });
  const audit = await auditOf(store);
  await store.close();
  await assertChain(disk);
  const { epoch, hash, checksum, format, anchor, ...state } = JSON.parse(
    disk.read(`${DIRECTORY}/users.json`).toString(),
  );
  return { ...state, audit };
}

/** The first and last entry that both ways of reading the audit tell of. Throws at a gap between them. */
async function auditOf(store: JsonStore): Promise<[number, number]> {
  const { items } = await store.queryEntries({ limit: 500 });
  const back = items.map(({ seq }) => seq).reverse();
  const [first = 1] = back;
  const on: Entry[] = [];
  for await (const entries of store.entriesSince(first - 1) ?? []) on.push(...entries);
  const whole = Array.from({ length: store.status().seq - first + 1 }, (_, at) => first + at);
  if (`${on.map(({ seq }) => seq)}` !== `${whole}`)
    throw new Error(`read on, the audit tells of ${on.map(({ seq }) => seq)}`);
  // Counters of uses are told on only.
  const sought = on.filter(({ type }) => type !== "usage.recorded").map(({ seq }) => seq);
  if (`${back}` !== `${sought}`) throw new Error(`read back, the audit tells of ${back}`);
  return [first, store.status().seq];
}

/** Throws what is wrong with the journal's chain, sealed and live. */
async function assertChain({ files }: MemoryDisk): Promise<void> {
  const problems = new Problems();
  await checkHistory({ io: files, directory: DIRECTORY, header: null, tip: null }, problems);
  const [first] = problems.list;
  if (first) throw new Error(problemText(first));
}
