import { expect } from "vitest";
import { type ApiKey, type Client, createClient, type Result } from "../../protocol/index.ts";
import { connector } from "../../tui/connect.ts";

const WRITERS = 8;
const IMPORTED = 3;

/** What one writer was told is done. */
interface Round {
  user: Result<"users.create">["user"];
  rotation: Result<"keys.rotate">;
  settings: Result<"settings.save">["settings"];
  imported: string[];
}

export async function connect(socket: string): Promise<Client> {
  const client = createClient({ connect: connector({ kind: "socket", path: socket }), reconnect: "never" });
  await client.online();
  return client;
}

/** Eight clients that change things until their daemon is gone or says that it takes no changes. */
export class Writers {
  /** What is known to be done; it must be found whatever happens. */
  readonly acknowledged: Round[] = [];
  readonly #ended: Promise<unknown>;
  #goal = Number.POSITIVE_INFINITY;
  #reached = () => {};

  /** `name` keeps apart the users of those who write into one directory one after the other. */
  constructor(socket: string, name: string) {
    const writers = Array.from({ length: WRITERS }, (_, writer) => this.#write(socket, `${name}-w${writer}`));
    this.#ended = Promise.all(writers);
    this.#ended.catch(() => {});
  }

  /** Resolves when so many rounds are acknowledged in all. */
  async reach(goal: number): Promise<void> {
    const reached = new Promise<void>((resolve) => {
      this.#goal = goal;
      this.#reached = resolve;
    });
    if (this.acknowledged.length < goal) await Promise.race([reached, this.#ended]);
    expect(this.acknowledged.length, "rounds that the writers did before they ended").toBeGreaterThanOrEqual(
      goal,
    );
  }

  /** Resolves when all have lost their daemon; rejects when one was answered what it should not be. */
  async ended(): Promise<void> {
    await this.#ended;
  }

  async #write(socket: string, name: string): Promise<void> {
    const client = await connect(socket);
    try {
      for (let round = 0; ; round += 1) this.#tell(await writeRound(client, `${name}-${round}`));
    } catch (error) {
      const refused = (error as { data?: { reason?: string } }).data?.reason === "storeUnavailable";
      if (!refused && client.state.phase !== "closed") throw error;
    } finally {
      client.close();
    }
  }

  #tell(round: Round): void {
    this.acknowledged.push(round);
    if (this.acknowledged.length >= this.#goal) this.#reached();
  }
}

/** A user with a rotated key and settings, and others that are imported together. */
async function writeRound(client: Client, username: string): Promise<Round> {
  const { user } = await client.call("users.create", { username, roles: ["viewer"] });
  const { key } = await client.call("keys.create", { user: user.id, name: "first" });
  const rotation = await client.call("keys.rotate", { id: key.id });
  const { settings } = await client.call("settings.save", {
    user: user.id,
    settings: { studio: { of: username } },
  });
  const imported = Array.from({ length: IMPORTED }, (_, index) => `${username}-i${index}`);
  await client.call("users.import", { mode: "create", users: imported.map((name) => ({ username: name })) });
  return { user, rotation, settings, imported };
}

/** Throws unless all that was acknowledged is there. */
export async function assertKept(client: Client, acknowledged: readonly Round[]): Promise<void> {
  for (const { user, rotation, settings, imported } of acknowledged) {
    const [found, { items }] = await Promise.all([
      client.call("users.get", { user: user.id }),
      client.call("keys.list", { user: user.id }),
      ...imported.map((username) => client.call("users.get", { user: username })),
    ]);
    expect(found).toMatchObject({ username: user.username, activeKeys: 2, settings });
    expect(items.map(({ id }) => id).sort()).toEqual([rotation.key.id, rotation.previous.id].sort());
  }
}

/** Throws if anything is half there, acknowledged or not: a rotation with one end, an import with some of its users. */
export async function assertWhole(client: Client): Promise<void> {
  const keys = new Map(
    (await allPages((page) => client.call("keys.list", { allUsers: true, ...page }))).map(byId),
  );
  for (const key of keys.values()) {
    if (key.rotatedTo) expect(keys.get(key.rotatedTo)?.rotatedFrom).toBe(key.id);
    if (key.rotatedFrom) expect(keys.get(key.rotatedFrom)?.rotatedTo).toBe(key.id);
  }
  const users = await allPages((page) => client.call("users.list", page));
  const imports = new Map<string, number>();
  for (const { username } of users) {
    const [, of] = /^(.*)-i\d$/.exec(username) ?? [];
    if (of !== undefined) imports.set(of, (imports.get(of) ?? 0) + 1);
  }
  expect([...imports].filter(([, count]) => count !== IMPORTED)).toEqual([]);
}

function byId(key: ApiKey): [string, ApiKey] {
  return [key.id, key];
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
