import { expect } from "vitest";
import type { ApiKey, Client, Result, User } from "../../protocol/index.ts";

const IMPORTED = 3;
const KEYS = 2;

/** What one writer was told is done. */
export interface Round {
  user: Result<"users.create">["user"];
  rotation: Result<"keys.rotate">;
  settings: Result<"settings.save">["settings"];
}

/** Has somebody look on while a change of several records is made: `isHalf` tells whether some of it is to be seen. */
export type LookOn = <T>(
  what: string,
  change: Promise<T>,
  isHalf: (reader: Client) => Promise<boolean>,
) => Promise<T>;

/** Those who are imported with a user's round: one is deleted with its keys, one has all of its keys revoked. */
const namesOf = (username: string) => ({
  together: `${username}-i`,
  leaver: `${username}-i0`,
  loser: `${username}-i1`,
});
const together = /^(.*-i)\d$/;

/** A user with a rotated key and settings, and others that come, go and lose their keys in one change each. */
export async function writeRound(client: Client, username: string, lookOn: LookOn): Promise<Round> {
  const { user } = await client.call("users.create", { username, roles: ["viewer"] });
  const { key } = await client.call("keys.create", { user: user.id, name: "first" });
  const rotation = await lookOn(
    `rotation for ${username}`,
    client.call("keys.rotate", { id: key.id }),
    async (reader) => {
      const { items } = await reader.call("keys.list", { user: user.id });
      return items.filter(({ rotatedFrom, rotatedTo }) => rotatedFrom ?? rotatedTo).length === 1;
    },
  );
  const { settings } = await client.call("settings.save", {
    user: user.id,
    settings: { studio: { of: username } },
  });
  await importOthers(client, username, lookOn);
  await endOthers(client, username, lookOn);
  return { user, rotation, settings };
}

async function importOthers(client: Client, username: string, lookOn: LookOn): Promise<void> {
  const { together: text, leaver, loser } = namesOf(username);
  const users = Array.from({ length: IMPORTED }, (_, index) => ({ username: `${text}${index}` }));
  await lookOn(
    `import of ${text}`,
    client.call("users.import", { mode: "create", users }),
    async (reader) => {
      const { total } = await reader.call("users.list", { filter: { text } });
      return total > 0 && total < IMPORTED;
    },
  );
  const owners = [leaver, loser].flatMap((user) => Array<string>(KEYS).fill(user));
  await Promise.all(owners.map((user) => client.call("keys.create", { user, name: "to end" })));
}

async function endOthers(client: Client, username: string, lookOn: LookOn): Promise<void> {
  const { leaver, loser } = namesOf(username);
  await lookOn(`deletion of ${leaver}`, client.call("users.delete", { user: leaver }), async (reader) => {
    const look = async (deleted: boolean) => {
      const { items } = await reader.call("users.list", { filter: { text: leaver, deleted } });
      return items.some(({ activeKeys }) => activeKeys !== (deleted ? 0 : KEYS));
    };
    return (await look(false)) || (await look(true));
  });
  await lookOn(
    `revocation of the keys of ${loser}`,
    client.call("keys.revokeAll", { user: loser }),
    async (reader) => {
      const { items } = await reader.call("keys.list", { user: loser });
      return isSome(revoked(items), KEYS);
    },
  );
}

/** All users and keys that a directory has. */
export interface Content {
  live: ReadonlyMap<string, User>;
  deleted: ReadonlyMap<string, User>;
  keysOf(username: string): ApiKey[];
  keys: ReadonlyMap<string, ApiKey>;
}

export async function contentOf(client: Client): Promise<Content> {
  const users = async (deleted: boolean) => {
    const all = await allPages((page) => client.call("users.list", { filter: { deleted }, ...page }));
    return new Map(all.map((user) => [user.username, user]));
  };
  const keys = await allPages((page) => client.call("keys.list", { allUsers: true, ...page }));
  const byOwner = new Map<string, ApiKey[]>(keys.map(({ username }) => [username, []]));
  for (const key of keys) byOwner.get(key.username)?.push(key);
  return {
    live: await users(false),
    deleted: await users(true),
    keys: new Map(keys.map((key) => [key.id, key])),
    keysOf: (username) => byOwner.get(username) ?? [],
  };
}

/** Throws unless all that was acknowledged is there. */
export async function assertKept(
  client: Client,
  content: Content,
  acknowledged: readonly Round[],
): Promise<void> {
  for (const { user, rotation, settings } of acknowledged) {
    const found = await client.call("users.get", { user: user.id });
    expect(found).toMatchObject({ username: user.username, activeKeys: KEYS, settings });
    const keys = content.keysOf(user.username);
    expect(keys.map(({ id }) => id).sort()).toEqual([rotation.key.id, rotation.previous.id].sort());
    const { leaver, loser } = namesOf(user.username);
    expect(content.deleted.has(leaver), `${leaver} is deleted`).toBe(true);
    expect(revoked(content.keysOf(loser)), `revoked keys of ${loser}`).toBe(KEYS);
  }
}

/** Throws if anything is half there, acknowledged or not. */
export function assertWhole({ live, deleted, keys, keysOf }: Content): void {
  const halves: string[] = [];
  for (const key of keys.values()) {
    if (key.rotatedTo && keys.get(key.rotatedTo)?.rotatedFrom !== key.id)
      halves.push(`rotation of ${key.id}`);
    if (key.rotatedFrom && keys.get(key.rotatedFrom)?.rotatedTo !== key.id)
      halves.push(`rotation to ${key.id}`);
  }
  const imports = new Map<string, number>();
  for (const username of [...live.keys(), ...deleted.keys()]) {
    const [, of] = together.exec(username) ?? [];
    if (of !== undefined) imports.set(of, (imports.get(of) ?? 0) + 1);
  }
  for (const [of, count] of imports) if (isSome(count, IMPORTED)) halves.push(`import of ${of}`);
  for (const { username, activeKeys } of deleted.values()) {
    if (activeKeys > 0) halves.push(`deletion of ${username}`);
  }
  for (const username of live.keys()) {
    if (isSome(revoked(keysOf(username)), KEYS)) halves.push(`revocation of the keys of ${username}`);
    if (username.endsWith("-i0") && revoked(keysOf(username)) > 0) halves.push(`deletion of ${username}`);
  }
  expect(halves, "left by half").toEqual([]);
}

function revoked(keys: readonly ApiKey[]): number {
  return keys.filter(({ status }) => status === "revoked").length;
}

function isSome(count: number, all: number): boolean {
  return count > 0 && count < all;
}

async function allPages<T>(
  list: (page: { offset: number; limit: number }) => Promise<{ items: T[]; total: number }>,
): Promise<T[]> {
  const found: T[] = [];
  for (let total = 1; found.length < total; ) {
    const page = await list({ offset: found.length, limit: 500 });
    found.push(...page.items);
    total = page.total;
  }
  return found;
}
