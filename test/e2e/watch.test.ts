import { afterEach, beforeEach, expect, test } from "vitest";
import { Daemon } from "./daemon.ts";
import type { Program } from "./program.ts";
import { roster, rosterCall, startRoster } from "./roster.ts";

let daemon: Daemon;
const watches: Program[] = [];

beforeEach(async () => {
  daemon = await Daemon.start();
});

afterEach(async () => {
  await Promise.all(watches.splice(0).map((running) => running.end("SIGKILL")));
  await daemon.remove();
});

/** A `roster watch` that is subscribed. */
async function watch(args: string[], env: Record<string, string> = {}): Promise<Program> {
  const running = startRoster(args, { env });
  watches.push(running);
  await running.says(/watching/);
  return running;
}

function createUser(username: string): Promise<unknown> {
  return rosterCall(daemon.socket, "users.create", { username });
}

function lines(text: string): Record<string, unknown>[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

test("a change made elsewhere arrives as one JSON line", async () => {
  const running = await watch(["--socket", daemon.socket, "watch"]);
  await createUser("ann");
  await running.says(/user\.created/);
  const [entry, ...more] = lines(running.stdout);
  expect(entry).toMatchObject({
    type: "user.created",
    actor: { kind: "local" },
    subject: { kind: "user", name: "ann" },
    outcome: "ok",
  });
  expect(entry).not.toHaveProperty("subscription");
  expect(more).toEqual([]);
});

test("only the topics asked for arrive", async () => {
  const running = await watch(["--socket", daemon.socket, "watch", "keys", "settings"]);
  await createUser("ann");
  await rosterCall(daemon.socket, "keys.create", { user: "ann", name: "k", permissions: [] });
  await running.says(/key\.created/);
  expect(lines(running.stdout).map(({ type }) => type)).toEqual(["key.created"]);
});

test("it goes on where it was when the daemon was killed and started again", async () => {
  const running = await watch(["--socket", daemon.socket, "watch", "users"]);
  await createUser("before");
  await running.says(/"name":"before"/);
  await daemon.kill();
  await running.says(/trying again/);
  await daemon.restart();
  await createUser("meanwhile");
  await running.says(/connected again/);
  await createUser("after");
  await running.says(/"name":"after"/);
  const names = lines(running.stdout).map(({ subject }) => (subject as { name: string }).name);
  expect(names).toEqual(["before", "meanwhile", "after"]);
});

test.each(["SIGINT", "SIGTERM"] as const)("%s ends it well", async (signal) => {
  const running = await watch(["--socket", daemon.socket, "watch"]);
  expect((await running.end(signal)).status).toBe(0);
});

test("it ends when its reader has gone", async () => {
  const running = await watch(["--socket", daemon.socket, "watch"]);
  running.process.stdout.destroy();
  await createUser("ann");
  expect(await running.ended).toMatchObject({ status: 0, stderr: expect.not.stringContaining("EPIPE") });
});

test("a key that is revoked while it watches ends it with one line", async () => {
  await rosterCall(daemon.socket, "users.create", { username: "screen", type: "service", roles: ["viewer"] });
  const { key, secret } = await rosterCall<{ key: { id: string }; secret: string }>(
    daemon.socket,
    "keys.create",
    { user: "screen", name: "entrance", permissions: ["users.read"] },
  );
  const running = await watch(["--url", daemon.url, "watch"], { ROSTER_KEY: secret });
  await rosterCall(daemon.socket, "keys.revoke", { id: key.id });
  const { status, stderr } = await running.ended;
  expect(status).toBe(1);
  expect(stderr.trimEnd().split("\n").at(-1)).toContain("the daemon does not accept the key");
});

test("without a key there is nothing to watch over TCP", async () => {
  const { status, stderr } = await roster(["--url", daemon.url, "watch"]);
  expect(status).toBe(1);
  expect(stderr).toMatch(/^roster: [^\n]+\n$/);
});

test("a topic that does not exist is named with those that do", async () => {
  const { status, stderr } = await roster(["--socket", daemon.socket, "watch", "user"]);
  expect(status).toBe(2);
  expect(stderr).toMatch(
    /^roster: no topic "user", did you mean "users"\? \(topics: users, keys, [^\n]+\)\n$/,
  );
});
