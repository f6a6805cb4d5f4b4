import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { createAttempts } from "../../daemon/directory/attempts.ts";
import type { Caller } from "../../daemon/directory/caller.ts";
import { createDirectory, initialRecords } from "../../daemon/directory/directory.ts";
import { createDispatch } from "../../daemon/dispatch.ts";
import { type HandlerContext, type Handlers, handlers } from "../../daemon/handlers.ts";
import { Meters } from "../../daemon/metrics/meters.ts";
import { openJsonStore } from "../../daemon/store/json/json-store.ts";
import { type Entry, type ErrorObject, refusal } from "../../protocol/index.ts";

const NOW = Date.parse("2026-03-01T12:00:00.000Z");
const LOCAL: Caller = { kind: "local", address: null, client: null };
const ANONYMOUS: Caller = { kind: "anonymous", address: "192.0.2.7" };

/** Dispatch over the real store and rules, with some handlers replaced. */
async function openDispatch(replaced: Partial<Handlers<HandlerContext>> = {}) {
  const path = await mkdtemp(join(tmpdir(), "roster-dispatch-"));
  const store = await openJsonStore({ directory: path, initial: initialRecords(), now: () => NOW });
  onTestFinished(async () => {
    await store.close();
    await rm(path, { recursive: true, force: true });
  });
  const entries: Entry[] = [];
  store.onEntries((group) => entries.push(...group));
  const now = () => NOW;
  const attempts = createAttempts({ store, now });
  const scryptCost = { logN: 1, r: 8, p: 1 };
  const directory = createDirectory({ store, now, attempts, connectionsOf: () => 0, scryptCost });
  const lines: string[] = [];
  const log = pino({}, { write: (line: string) => void lines.push(line) });
  const unused = () => Promise.reject(new Error("not part of this test"));
  const context = {
    directory,
    subscriptions: { subscribe: unused, unsubscribe: unused },
    system: { info: unused, discover: unused, backup: unused, verify: unused },
  };
  const dispatch = createDispatch({
    store,
    handlers: { ...handlers, ...replaced },
    context,
    attempts,
    log,
    meters: new Meters(),
    now,
  });

  async function ask(caller: Caller, method: string, params: unknown = {}) {
    const connection = { caller, address: caller.address, client: null, become: () => {} };
    const answer = await dispatch({ method, params, id: 1, issues: [] }, connection);
    return answer as { result?: unknown; error?: ErrorObject };
  }
  return { ask, attempts, directory, entries, lines, store };
}

/** A session of a user with these roles. */
async function openSession(
  { ask, store }: Awaited<ReturnType<typeof openDispatch>>,
  username: string,
  fields: object = {},
): Promise<Caller> {
  const password = "correct horse battery staple";
  await ask(LOCAL, "users.create", { username, password, mustChangePassword: false, ...fields });
  await ask(ANONYMOUS, "auth.login", { username, password });
  const user = await store.userByName(username);
  const [session] = await store.sessionsOf(user?.id ?? "");
  return { kind: "session", sessionId: session?.id ?? "", address: "192.0.2.7" };
}

test("of several errors the first in the contract's order is answered", async () => {
  const opened = await openDispatch();
  const { ask } = opened;
  const bad = { user: 1, nonsense: true };
  const changing = await openSession(opened, "mia", { mustChangePassword: true });
  const plain = await openSession(opened, "noa");
  const viewer = await openSession(opened, "ben", { roles: ["viewer"] });
  expect(await ask(ANONYMOUS, "users.none", bad)).toMatchObject({ error: { code: -32601 } });
  expect(await ask(ANONYMOUS, "users.get", bad)).toMatchObject({ error: { code: 401 } });
  expect(await ask(changing, "users.get", bad)).toMatchObject({ error: { code: 428 } });
  expect(await ask(plain, "users.get", bad)).toMatchObject({ error: { code: -32602 } });
  expect(await ask(plain, "users.get", { user: "nobody" })).toMatchObject({ error: { code: 403 } });
  expect(await ask(viewer, "users.get", { user: "nobody" })).toMatchObject({ error: { code: 404 } });
});

test("an error that is nobody's is answered without its words, and found in the log by its reference", async () => {
  const { ask, lines } = await openDispatch({
    "system.ping": () => Promise.reject(new Error("the password is hunter2")),
  });
  const { error } = await ask(LOCAL, "system.ping");
  expect(error).toEqual({
    code: -32603,
    message: "Internal error",
    data: { ref: expect.any(String) },
  });
  expect(lines.join()).toContain(String(error?.data?.ref));
});

test("an error of the contract goes out as it is", async () => {
  const { ask } = await openDispatch({
    "system.ping": () => Promise.reject(refusal("busy", "Too much at once", { retryAfterMs: 100 })),
  });
  expect((await ask(LOCAL, "system.ping")).error).toEqual({
    code: 429,
    message: "Too much at once",
    data: { reason: "busy", retryAfterMs: 100 },
  });
});

test("of two changes to a user at once the second is made to what the first left", async () => {
  const { ask, store } = await openDispatch();
  await ask(LOCAL, "users.create", { username: "mia" });
  const change = (changes: object) => ask(LOCAL, "users.update", { user: "mia", changes });
  await Promise.all([change({ fullName: "Mia Ito" }), change({ theme: "halloween" })]);
  expect(await store.userByName("mia")).toMatchObject({
    fullName: "Mia Ito",
    theme: "halloween",
    revision: 3,
  });
});

test("a result with more than the contract says does not leave", async () => {
  const leaking = { at: new Date(NOW).toISOString(), passwordHash: "c2NyeXB0" };
  const { ask } = await openDispatch({ "system.ping": async () => leaking });
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const answer = await ask(LOCAL, "system.ping");
    expect(answer.error?.code).toBe(-32603);
    expect(JSON.stringify(answer)).not.toContain("c2NyeXB0");
  }
});

test("refused calls stand in the audit, gathered", async () => {
  const opened = await openDispatch();
  const noa = await openSession(opened, "noa");
  for (let attempt = 0; attempt < 5; attempt += 1) await opened.ask(noa, "users.list");
  opened.attempts.flush();
  await opened.store.close();
  const denied = opened.entries.filter(({ type }) => type === "call.denied");
  expect(denied).toMatchObject([
    {
      actor: { kind: "session", name: "noa", address: "192.0.2.7" },
      outcome: "denied",
      count: 5,
      data: { method: "users.list", reason: "forbidden", permission: "users.read" },
    },
  ]);
});

test("refusals that only the rules can decide stand in the audit too", async () => {
  const opened = await openDispatch();
  const root = await openSession(opened, "root", { roles: ["admin"] });
  const op = await openSession(opened, "op", { roles: ["operator"] });
  await opened.ask(op, "users.disable", { user: "root" });
  await opened.ask(root, "users.update", { user: "root", changes: { roles: [] } });
  await opened.ask(root, "users.disable", { user: "root" });
  await opened.ask(LOCAL, "users.disable", { user: "root" });
  await opened.ask(LOCAL, "users.disable", { user: "nobody" });
  opened.attempts.flush();
  await opened.store.close();
  const denied = opened.entries.filter(({ type }) => type === "call.denied");
  expect(denied.map(({ actor, data, count }) => [actor.name, data.method, data.reason, count])).toEqual([
    ["op", "users.disable", "outranked", 1],
    ["root", "users.update", "lastAdministrator", 2],
    [null, "users.disable", "lastAdministrator", 1],
  ]);
});

test("every request of a key counts as a use", async () => {
  const { ask, store } = await openDispatch();
  await ask(LOCAL, "users.create", { username: "mia" });
  const made = await ask(LOCAL, "keys.create", { user: "mia", name: "tool" });
  const { id } = (made.result as { key: { id: string } }).key;
  const tool: Caller = { kind: "key", keyId: id, address: "192.0.2.9" };
  await ask(tool, "system.ping");
  await ask(tool, "auth.whoami");
  expect(await store.usage(id)).toMatchObject({ useCount: 2, lastUsedFrom: "192.0.2.9" });
});
