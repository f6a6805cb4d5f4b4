import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { type ApiKey, type Params, refusal } from "../../../protocol/index.ts";
import { SecretFile } from "../../../tui/secret-file.ts";
import { FakeDaemon } from "../fake-daemon.ts";
import { idOf, keyOf, openApp, pageOf, userOf } from "./open-app.tsx";

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "roster-keys-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
});

/** A daemon that holds so many keys, rotates and revokes them. */
function keyring(count: number) {
  const keys = new Map<string, ApiKey>();
  for (let number = 1; number <= count; number++) keys.set(keyOf(number).id, keyOf(number));
  const change = (id: string, changes: Partial<ApiKey>): ApiKey => {
    const changed = { ...keyOf(0), ...keys.get(id), ...changes };
    keys.set(id, changed);
    return changed;
  };
  const daemon = new FakeDaemon({
    "users.list": () => pageOf([userOf(1)]),
    "users.get": () => userOf(1),
    "keys.list": ({ status, text = "", offset = 0, limit = 50 }: Params<"keys.list">) => {
      const found = [...keys.values()]
        .filter((key) => status === undefined || key.status === status)
        .filter(({ name }) => name.includes(text));
      return pageOf(found.slice(offset, offset + limit), found.length, offset);
    },
    "keys.get": ({ id }: { id: string }) => change(id, {}),
    "keys.revoke": ({ id }: { id: string }) => change(id, { status: "revoked" }),
    "keys.rotate": ({ id }: { id: string }) => {
      const previous = change(id, { status: "retiring", graceUntil: "2027-01-01T00:00:00.000Z" });
      const key = { ...previous, id: idOf(keys.size + 5000), status: "active" as const, graceUntil: null };
      keys.set(key.id, key);
      return { key, previous, secret: `rk_secret_of_${key.name}` };
    },
  });
  return { keys, daemon, change };
}

async function openKeys(daemon: FakeDaemon) {
  const app = openApp(daemon);
  await app.shows("1 user");
  app.type(":keys");
  app.press("enter");
  await app.shows(/\d keys/);
  return app;
}

type App = Awaited<ReturnType<typeof openKeys>>;

/** Types the name of the file and confirms. */
async function rotateInto(app: App, file: string, count: number) {
  app.type("R");
  await app.shows("New secrets go to");
  app.press("tab");
  app.ctrl("u");
  app.paste(file);
  app.press("enter");
  await app.shows(`Rotate ${count} keys?`);
  app.press("tab");
  app.press("enter");
}

test("the list asks for everybody's keys, and its terms go to the daemon", async () => {
  const { daemon } = keyring(5);
  const app = await openKeys(daemon);
  await app.shows("5 keys");
  app.type("/key-3 status:active");
  await app.shows(" 1 found");
  expect(daemon.asked("keys.list").at(-1)).toMatchObject({ allUsers: true, text: "key-3", status: "active" });
  app.press("escape");
  app.type("/user:user-1");
  await expect.poll(() => daemon.asked("keys.list").at(-1)).not.toHaveProperty("allUsers");
  expect(daemon.asked("keys.list").at(-1)).toMatchObject({ user: "user-1" });
});

test("marked keys are revoked together after a question that names them and says what is in use", async () => {
  const { daemon, change, keys } = keyring(5);
  change(keyOf(2).id, { openConnections: 2 });
  const app = await openKeys(daemon);
  await app.shows("5 keys");
  app.type("  d");
  await app.shows("Revoke 2 keys?");
  await app.shows("user-1/key-1, user-1/key-2");
  await app.shows("1 of them have connections open now.");
  expect(daemon.asked("keys.revoke")).toEqual([]);
  app.press("tab");
  app.press("enter");
  await app.shows("2 keys are revoked");
  expect([...keys.values()].filter(({ status }) => status === "revoked")).toHaveLength(2);
});

test("many keys are rotated into a file that only its owner reads, then the old ones are watched and revoked", async () => {
  const { daemon, keys, change } = keyring(5);
  const app = await openKeys(daemon);
  await app.shows("5 keys");
  app.type("   ");
  const file = join(directory, "secrets.jsonl");
  await rotateInto(app, file, 3);
  await app.shows("3 old keys work on; none of them is silent yet.");
  expect(app.frame()).not.toContain("rk_secret");

  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const lines = (await readFile(file, "utf8")).trim().split("\n");
  expect(lines.map((line) => JSON.parse(line))).toEqual(
    [1, 2, 3].map((number) =>
      expect.objectContaining({
        username: "user-1",
        name: `key-${number}`,
        secret: `rk_secret_of_key-${number}`,
        replaces: keyOf(number).id,
      }),
    ),
  );

  change(keyOf(2).id, { openConnections: 1 });
  daemon.emit("key.updated");
  await app.shows(/key-2\s+in use/);
  app.type("d");
  await app.shows("Revoke the key key-1 of user-1?");
  app.press("tab");
  app.press("enter");
  await app.shows("The key key-1 of user-1 is revoked");
  await app.shows(/key-1\s+revoked/);
  expect(keys.get(keyOf(1).id)?.status).toBe("revoked");

  app.press("escape");
  await app.shows(" 8 keys");
  expect(app.frame()).not.toContain("marked");
});

test("a file that exists is not touched, and no key is rotated", async () => {
  const { daemon } = keyring(3);
  const app = await openKeys(daemon);
  await app.shows("3 keys");
  const file = join(directory, "precious");
  await writeFile(file, "precious");
  app.type("  ");
  await rotateInto(app, file, 2);
  await app.shows("precious exists, and nothing");
  expect(daemon.asked("keys.rotate")).toEqual([]);
  expect(await readFile(file, "utf8")).toBe("precious");

  app.press("escape");
  await app.shows("2 marked");
});

test("keys that cannot be rotated are named with why, and the others are in the file", async () => {
  const { daemon } = keyring(3);
  const rotate = daemon.answers["keys.rotate"] as (params: { id: string }) => never;
  daemon.answers["keys.rotate"] = (params: { id: string }) => {
    if (params.id === keyOf(2).id) throw refusal("outranked", "user-1 holds more than you");
    return rotate(params);
  };
  const app = await openKeys(daemon);
  await app.shows("3 keys");
  app.type("   ");
  const file = join(directory, "secrets.jsonl");
  await rotateInto(app, file, 3);
  await app.shows("2 keys are rotated; 1 failed");
  await app.shows("user-1/key-2: user-1 holds more than you");
  app.press("enter");
  await app.shows("2 old keys work on");
  expect((await readFile(file, "utf8")).trim().split("\n")).toHaveLength(2);
});

test("where no key is rotated no empty file is left behind", async () => {
  const { daemon } = keyring(3);
  daemon.answers["keys.rotate"] = () => {
    throw refusal("storeUnavailable", "the store is not available");
  };
  const app = await openKeys(daemon);
  await app.shows("3 keys");
  app.type("  ");
  const file = join(directory, "secrets.jsonl");
  await rotateInto(app, file, 2);
  await app.shows("Nothing was done; 2 failed");
  await expect.poll(() => existsSync(file)).toBe(false);
  app.press("enter");
  await app.shows("New secrets go to");
});

test("when the disk is full nothing more is rotated, and the secret that is not in the file is shown", async () => {
  const { daemon } = keyring(3);
  const append = vi.spyOn(SecretFile.prototype, "append");
  onTestFinished(() => append.mockRestore());
  const app = await openKeys(daemon);
  await app.shows("3 keys");
  app.type("   ");
  append.mockImplementationOnce(async () => {});
  append.mockRejectedValueOnce(new Error("There is no room left"));
  await rotateInto(app, join(directory, "secrets.jsonl"), 3);
  await app.shows("user-1/key-2: There is no room left");
  await app.shows("user-1/key-3: not tried");
  app.press("enter");
  await app.shows("Not in the file: the new secret of user-1/key-2");
  await app.shows("rk_secret_of_key-2");
  app.press("escape");
  await app.shows("rk_secret_of_key-2");
  app.press("enter");
  await app.shows("2 old keys work on");
  expect(daemon.asked("keys.rotate")).toHaveLength(2);
});
