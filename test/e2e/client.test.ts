import { afterEach, beforeEach, expect, test } from "vitest";
import { type Client, type ClientEvent, ConnectionLost, createClient } from "../../protocol/index.ts";
import { connector } from "../../tui/connect.ts";
import { inPhase } from "../protocol/connected.ts";
import { Daemon } from "./daemon.ts";
import { rosterCall } from "./roster.ts";

let daemon: Daemon;
const clients: Client[] = [];

beforeEach(async () => {
  daemon = await Daemon.start();
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await daemon.remove();
});

/** A client over TCP that ann is logged in with. */
async function logIn(): Promise<Client> {
  const { generatedPassword } = await rosterCall<{ generatedPassword: string }>(
    daemon.socket,
    "users.create",
    {
      username: "ann",
      roles: ["operator"],
      generatePassword: true,
      mustChangePassword: false,
    },
  );
  const client = createClient({ connect: connector({ kind: "url", url: daemon.url }) });
  clients.push(client);
  expect((await client.online()).kind).toBe("anonymous");
  await client.call("auth.login", { username: "ann", password: generatedPassword });
  return client;
}

test("session and subscription outlive a killed daemon, and no change is missed or heard twice", async () => {
  const client = await logIn();
  const heard: ClientEvent[] = [];
  await client.subscribe({ topics: ["users"] }, (event) => heard.push(event));
  await client.call("users.create", { username: "before" });
  await daemon.kill();
  await inPhase(client, "waiting");
  await daemon.restart();
  await rosterCall(daemon.socket, "users.create", { username: "meanwhile" });
  expect(await client.online()).toMatchObject({ kind: "session", username: "ann" });
  await client.call("users.create", { username: "after" });
  const names = () => heard.map((event) => (event.kind === "entry" ? event.entry.subject?.name : "gap"));
  await expect.poll(names, { timeout: 10_000 }).toEqual(["before", "meanwhile", "after"]);
});

test("disabling a user ends their client's session at once, with the reason", async () => {
  const client = await logIn();
  const lost = inPhase(client, "waiting");
  await rosterCall(daemon.socket, "users.disable", { user: "ann" });
  const { error } = await lost;
  expect(error).toBeInstanceOf(ConnectionLost);
  expect((error as ConnectionLost).closeCode).toBe(4401);
  const { principal, refused } = await inPhase(client, "online");
  expect(principal.kind).toBe("anonymous");
  expect(refused?.code).toBe(401);
});

test("a batch is answered in order, each call by itself", async () => {
  const client = await logIn();
  const [made, taken, listed] = await client.batch([
    { method: "users.create", params: { username: "bob" } },
    { method: "users.create", params: { username: "bob" } },
    { method: "users.list", params: { filter: { username: "bob" } } },
  ]);
  expect(made).toMatchObject({ ok: true, result: { user: { username: "bob" } } });
  expect(taken).toMatchObject({ ok: false, error: { code: 409, reason: "alreadyExists" } });
  expect(listed).toMatchObject({ ok: true, result: { total: 1 } });
});
