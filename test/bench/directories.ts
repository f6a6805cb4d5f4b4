import { cp, mkdtemp, readdir } from "node:fs/promises";
import { join } from "node:path";
import { initialRecords } from "../../daemon/directory/directory.ts";
import { createPasswordHashing } from "../../daemon/directory/password-hashing.ts";
import { type JsonStore, openJsonStore } from "../../daemon/store/json/json-store.ts";
import type { KeyRecord, SessionRecord } from "../../daemon/store/records.ts";
import type { Actor } from "../../protocol/index.ts";
import type { Bench } from "./bench.ts";
import { settingsRecord, userId, userRecord } from "./population.ts";

export const SNAPSHOT_FILE = "users.json";
const IN_FLIGHT = 1000;
const actor: Actor = { kind: "system", id: null, name: null, address: null };

/** Makes a store's data directory of so many users and the built-in roles, and closes it. */
export async function makeDirectory(bench: Bench, population: number, changes = 0): Promise<string> {
  const directory = await mkdtemp(join(bench.directory, "roster-"));
  const store = await openPopulated(directory, population);
  if (changes > 0) return crashAfter(bench, directory, store, population, changes);
  await store.close();
  return directory;
}

export interface Populated {
  /** Becomes everybody's; without it nobody has one. */
  password?: string | undefined;
  keys?: readonly KeyRecord[];
  sessions?: readonly SessionRecord[];
}

/** Opens a new directory with these users, and what of theirs is given. */
export async function openPopulated(
  directory: string,
  population: number,
  { password, ...owned }: Populated = {},
): Promise<JsonStore> {
  const indexes = Array.from({ length: population }, (_, index) => index);
  const passwordHash = password === undefined ? null : await createPasswordHashing().hash(password);
  const users = indexes.map((index) => ({ ...userRecord(index), passwordHash }));
  return openJsonStore({
    directory,
    initial: { ...initialRecords(), users, settings: indexes.map(settingsRecord), ...owned },
    limits: { journalBytes: Number.POSITIVE_INFINITY },
  });
}

/** Enters so many things that happened, about one user after another, each as `users.update` does. */
export async function enter(store: JsonStore, count: number): Promise<void> {
  await manyAtOnce(count, (index) =>
    store.transaction(actor, async (tx) => {
      const { passwordHash: _, ...shown } = userRecord(index);
      const subject = { kind: "user", id: shown.id, name: shown.username } as const;
      tx.entry("user.updated", subject, { user: shown, changed: ["fullName"] });
    }),
  );
}

/** The directory as it is when the daemon is killed after so many changes: all of them in the journal. */
async function crashAfter(
  bench: Bench,
  directory: string,
  store: JsonStore,
  population: number,
  changes: number,
): Promise<string> {
  await manyAtOnce(changes, (made) => change(store, made % population, made - (made % IN_FLIGHT)));
  const crashed = await mkdtemp(join(bench.directory, "crashed-"));
  await cp(directory, crashed, { recursive: true });
  await store.close();
  return crashed;
}

async function manyAtOnce(count: number, work: (index: number) => Promise<void>): Promise<void> {
  for (let done = 0; done < count; done += IN_FLIGHT) {
    const length = Math.min(IN_FLIGHT, count - done);
    await Promise.all(Array.from({ length }, (_, index) => work(done + index)));
  }
}

/** As `users.update` writes it. */
export async function change(store: JsonStore, index: number, round: number): Promise<void> {
  await store.transaction(actor, async (tx) => {
    const user = await tx.user(userId(index));
    if (!user) throw new Error(`there is no user ${index}`);
    const changed = { ...user, fullName: `Person of round ${round}`, revision: user.revision + 1 };
    tx.put("users", changed);
    const { passwordHash: _, ...shown } = changed;
    tx.entry(
      "user.updated",
      { kind: "user", id: user.id, name: user.username },
      { user: shown, changed: ["fullName"] },
    );
  });
}

/** The journal's one segment. */
export async function journalOf(directory: string): Promise<string> {
  const segments = (await readdir(directory)).filter((name) => name.startsWith("journal-"));
  const [segment] = segments;
  if (segment === undefined || segments.length > 1)
    throw new Error(`${directory} has ${segments.length} segments`);
  return join(directory, segment);
}
