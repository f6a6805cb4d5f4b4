import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiKey, type Client, createClient, type Result } from "../../protocol/index.ts";
import { connector } from "../../tui/connect.ts";
import { Daemon } from "../e2e/daemon.ts";

const CYCLES = 12;
const WRITERS = 8;
/** A cycle ends by the kill after this many more acknowledged rounds, so that the kill meets writers at work. */
const ROUNDS_BEFORE_KILL = 20;

/** What one writer was told is done. */
interface Acknowledged {
  user: Result<"users.create">["user"];
  rotation: Result<"keys.rotate">;
  settings: Result<"settings.save">["settings"];
}

let daemon: Daemon;
beforeAll(async () => {
  daemon = await Daemon.start();
});
afterAll(() => daemon.remove());

test("kill -9 under eight writing clients loses no acknowledged change and shows none by half", async () => {
  const acknowledged: Acknowledged[] = [];
  for (let cycle = 0; cycle < CYCLES; cycle += 1) {
    const goal = acknowledged.length + ROUNDS_BEFORE_KILL;
    let writers: Promise<void>[] = [];
    await new Promise<void>((resolve, reject) => {
      const told = (round: Acknowledged) => {
        acknowledged.push(round);
        if (acknowledged.length >= goal) resolve();
      };
      writers = Array.from({ length: WRITERS }, (_, writer) => write(`c${cycle}-w${writer}`, told));
      Promise.all(writers).catch(reject);
    });
    await daemon.kill();
    await Promise.all(writers);
    await daemon.restart();
  }
  const client = await connected();
  for (const round of acknowledged) await assertThere(client, round);
  await assertWholeRotations(client);
  client.close();
  expect(acknowledged.length).toBeGreaterThanOrEqual(CYCLES * ROUNDS_BEFORE_KILL);
}, 120_000);

async function connected(): Promise<Client> {
  const client = createClient({
    connect: connector({ kind: "socket", path: daemon.socket }),
    reconnect: "never",
  });
  await client.online();
  return client;
}

/** Creates users, each with a key that is rotated and with settings, until the connection is lost. */
async function write(name: string, told: (round: Acknowledged) => void): Promise<void> {
  const client = await connected();
  try {
    for (let round = 0; ; round += 1) told(await writeOne(client, `${name}-${round}`));
  } catch (error) {
    if (client.state.phase !== "closed") throw error;
  }
}

async function writeOne(client: Client, username: string): Promise<Acknowledged> {
  const { user } = await client.call("users.create", { username, roles: ["viewer"] });
  const { key } = await client.call("keys.create", { user: user.id, name: "first" });
  const rotation = await client.call("keys.rotate", { id: key.id });
  const { settings } = await client.call("settings.save", {
    user: user.id,
    settings: { studio: { of: username } },
  });
  return { user, rotation, settings };
}

async function assertThere(client: Client, { user, rotation, settings }: Acknowledged): Promise<void> {
  const found = await client.call("users.get", { user: user.id });
  expect(found).toMatchObject({ username: user.username, activeKeys: 2, settings });
  const { items } = await client.call("keys.list", { user: user.id });
  expect(items.map(({ id }) => id).sort()).toEqual([rotation.key.id, rotation.previous.id].sort());
}

/** Both ends of every rotation are there, acknowledged or not. */
async function assertWholeRotations(client: Client): Promise<void> {
  const keys = new Map<string, ApiKey>();
  for (let offset = 0, total = 1; offset < total; offset += 500) {
    const page = await client.call("keys.list", { allUsers: true, offset, limit: 500 });
    total = page.total;
    for (const key of page.items) keys.set(key.id, key);
  }
  for (const key of keys.values()) {
    if (key.rotatedTo) expect(keys.get(key.rotatedTo)?.rotatedFrom).toBe(key.id);
    if (key.rotatedFrom) expect(keys.get(key.rotatedFrom)?.rotatedTo).toBe(key.id);
  }
}
