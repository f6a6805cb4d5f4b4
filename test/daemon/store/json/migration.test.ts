import { createHash } from "node:crypto";
import { chmod, cp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { acceptEdit } from "../../../../daemon/store/json/accept-edit.ts";
import { collections } from "../../../../daemon/store/json/collections.ts";
import { type JsonStore, openJsonStore } from "../../../../daemon/store/json/json-store.ts";
import { FORMAT } from "../../../../daemon/store/json/snapshot-reader.ts";
import { silentLog } from "../../../../daemon/store/json/store-log.ts";
import type { Entry } from "../../../../protocol/index.ts";
import { fixture } from "../../../fixtures/fixture.ts";
import { actor, addUser, open, temporaryDirectory, user } from "./fixtures.ts";
import { interceptedFiles, systemError, unsyncedFiles } from "./intercepted-files.ts";

const COPY = join("backups", "format-1-at-8");

/** A data directory like the fixture's. */
async function directoryOf(name: string): Promise<string> {
  const directory = await temporaryDirectory();
  for (const file of await readdir(fixture(name))) {
    await cp(join(fixture(name), file), join(directory, file));
    await chmod(join(directory, file), 0o600);
  }
  return directory;
}

async function history(store: JsonStore): Promise<Entry[]> {
  const { items, next } = await store.queryEntries({ limit: 500 });
  expect(next).toBeNull();
  return items;
}

async function expectWhatTheOlderOneHeld(store: JsonStore): Promise<void> {
  const [ada, grace, backup] = await Promise.all(
    ["ada", "grace", "backup"].map((name) => store.userByName(name)),
  );
  expect(ada).toMatchObject({
    roles: ["admin"],
    active: true,
    lastLoginAt: expect.any(String),
  });
  // In the journal alone.
  expect(grace).toMatchObject({
    fullName: "Rear Admiral Grace Hopper",
    validUntil: "2099-12-31T00:00:00.000Z",
  });
  expect(await store.settings(grace?.id ?? "")).toMatchObject({ settings: { studio: { zoom: 2 } } });
  expect(await store.keyBearerByLookup("RDdjv0Ds78kA")).toMatchObject({
    user: { id: backup?.id },
    key: { name: "nightly" },
  });
  expect(await store.sessionsOf(ada?.id ?? "")).toHaveLength(1);
  expect(await store.countUsers()).toBe(3);
  expect((await store.roles()).map(({ id }) => id)).toEqual(["admin", "designer", "operator", "viewer"]);
}

test("a directory of version 0.1.0 goes on with all it holds, and the journal says that its form was changed", async () => {
  const directory = await directoryOf("format-1");
  const store = await open({ directory });
  await expectWhatTheOlderOneHeld(store);
  const [migrated, ...older] = await history(store);
  expect(migrated).toMatchObject({
    seq: 9,
    type: "store.migrated",
    actor: { kind: "system" },
    data: { from: 1, to: FORMAT, copy: COPY },
  });
  expect(older.map(({ seq, type }) => [seq, type])).toEqual([
    [8, "session.created"],
    [7, "user.updated"],
    [6, "settings.saved"],
    [5, "user.passwordChanged"],
    [4, "key.created"],
    [3, "user.created"],
    [2, "user.created"],
    [1, "user.created"],
  ]);
  expect(JSON.parse(await readFile(join(directory, "users.json"), "utf8"))).toMatchObject({
    format: FORMAT,
    seq: 9,
  });
  await addUser(store, user("new"));
  await store.close();

  const again = await open({ directory });
  expect(again.status().seq).toBe(10);
  expect(await again.user("new")).toBeDefined();
});

test("before that, the snapshot and the journal after it are copied as they are, with sums, for the older version to go on with", async () => {
  const directory = await directoryOf("format-1");
  await (await open({ directory })).close();
  const copy = join(directory, COPY);
  expect((await readdir(copy)).sort()).toEqual(["SHA256SUMS", "journal-7.jsonl", "users.json"]);
  const sums = (await readFile(join(copy, "SHA256SUMS"), "utf8")).trimEnd().split("\n");
  for (const line of sums) {
    const [sum, name = ""] = line.split("  ");
    const bytes = await readFile(join(copy, name));
    expect(bytes).toEqual(await readFile(join(fixture("format-1"), name)));
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(sum);
  }
  expect(sums).toHaveLength(2);
});

test("what the older version had not sealed is sealed, and its lines are what they were", async () => {
  const directory = await directoryOf("format-1");
  const old = (await readFile(join(directory, "journal-1.jsonl"), "utf8")).trimEnd().split("\n");
  await (await open({ directory })).close();
  const sealed = (await readFile(join(directory, "audit", "journal-1.jsonl"), "utf8")).split("\n");
  for (const [index, line] of old.entries()) {
    const { public: told, hash } = JSON.parse(line);
    expect(JSON.parse(sealed[index] ?? "")).toEqual({ public: told, changesHash: expect.any(String), hash });
  }
  expect(await readdir(directory)).not.toContain("journal-1.jsonl");
});

test("an edit by hand that was taken over first does not do without the copy", async () => {
  const directory = await directoryOf("format-1");
  const path = join(directory, "users.json");
  await writeFile(path, (await readFile(path, "utf8")).replace("Nightly backup", "Weekly backup"));
  const at = "2026-12-01T00:00:00.000Z";
  const rule = async () => null;
  const edit = { io: unsyncedFiles, directory, log: silentLog, actor, at, rule };
  expect(await acceptEdit(edit)).toMatchObject({ kind: "accepted" });
  const store = await open({ directory });
  expect(await store.userByName("backup")).toMatchObject({ fullName: "Weekly backup" });
  expect((await history(store)).map(({ type }) => type).slice(0, 2)).toEqual([
    "store.migrated",
    "store.edited",
  ]);
  expect(await readdir(join(directory, "backups"))).toEqual(["format-1-at-9"]);
});

test("without room for the copy nothing is changed and nothing started", async () => {
  const directory = await directoryOf("format-1");
  const io = interceptedFiles((operation, path) => {
    if (operation === "write" && path.includes("backups")) throw systemError("ENOSPC");
    return undefined;
  });
  await expect(openJsonStore({ directory, io })).rejects.toThrow(
    "no copy of it could be put into backups/ before that changes (ENOSPC: injected). Nothing was changed. Make room",
  );
  for (const name of ["users.json", "journal-1.jsonl", "journal-7.jsonl"]) {
    expect(await readFile(join(directory, name))).toEqual(await readFile(join(fixture("format-1"), name)));
  }
  await expectWhatTheOlderOneHeld(await open({ directory }));
});

test("a process that dies at any step of a migration leaves a directory that goes on", async () => {
  for (let steps = 0; ; steps += 1) {
    const directory = await directoryOf("format-1");
    let taken = 0;
    const io = interceptedFiles(() => {
      taken += 1;
      if (taken > steps) throw systemError("EIO");
      return undefined;
    }, unsyncedFiles);
    const store = await openJsonStore({ directory, io }).catch(() => null);
    await store?.close();
    const { format } = JSON.parse(await readFile(join(directory, "users.json"), "utf8"));
    // Version 0.1.0 would take a sealed audit for none.
    if (format === 1) expect(await readdir(directory)).not.toContain("audit");
    const again = await open({ directory, io: unsyncedFiles });
    await expectWhatTheOlderOneHeld(again);
    const types = (await history(again)).map(({ type }) => type);
    expect(types.filter((type) => type !== "store.migrated")).toHaveLength(8);
    expect(types).toContain("store.migrated");
    expect(await readdir(join(directory, COPY))).toContain("SHA256SUMS");
    await again.close();
    if (taken <= steps) break;
  }
}, 60_000);

test("a directory of a newer form is refused in one line, whatever else is in it", async () => {
  const directory = await directoryOf("format-newer");
  await expect(open({ directory })).rejects.toThrow(
    `users.json: written by a newer Roster (format 1000; this one reads ${FORMAT}). Run that version`,
  );
  expect(await readdir(directory)).toEqual(["users.json"]);
});

test("a collection that only a newer Roster can have written is not taken for damage, unless it is", async () => {
  const directory = await temporaryDirectory();
  await (await open({ directory })).close();
  const path = join(directory, "users.json");
  const text = (await readFile(path, "utf8")).replace(/"checksum":.*\n$/, '"badges":[\n{"id":"gold"}\n],\n');
  const checksum = createHash("sha256").update(text).digest("hex");
  await writeFile(path, `${text}"checksum":"${checksum}"}\n`);
  await expect(open({ directory })).rejects.toThrow('written by a newer Roster (it holds "badges"');
  await writeFile(path, `${text}"checksum":"${"0".repeat(64)}"}\n`);
  await expect(open({ directory })).rejects.toThrow("checksum does not match");
});

test("whoever adds a collection numbers the form anew: older versions cannot keep what they do not know", () => {
  const known = ["users", "roles", "keys", "sessions", "settings", "presence", "lockouts", "usage"];
  expect({ format: FORMAT, collections }).toEqual({ format: 2, collections: known });
});
