import { setTimeout } from "node:timers/promises";
import { expect } from "vitest";
import { type Client, createClient } from "../../protocol/index.ts";
import { connector } from "../../tui/connect.ts";
import type { Chance } from "./effort.ts";
import { type LookOn, type Round, writeRound } from "./rounds.ts";

const WRITERS = 8;
const MOST_ROUNDS = 12;
/** What a round takes on a machine that has little else to do. */
const ROUND_MS = 50;

export async function connect(socket: string): Promise<Client> {
  const client = createClient({ connect: connector({ kind: "socket", path: socket }), reconnect: "never" });
  await client.online();
  return client;
}

/**
 * Eight clients that change things until their daemon is gone or says that it takes no changes, the first of them with
 * somebody who looks on.
 */
export class Writers {
  /** What is known to be done; it must be found whatever happens. */
  readonly acknowledged: Round[] = [];
  /** What was seen by half. */
  readonly #halves: string[] = [];
  readonly #ended: Promise<unknown>;
  #goal = Number.POSITIVE_INFINITY;
  #reached = () => {};

  /** `name` keeps apart the users of those who write into one directory one after the other. */
  constructor(socket: string, name: string) {
    const writers = Array.from({ length: WRITERS - 1 }, (_, writer) =>
      this.#write(socket, `${name}-w${writer + 1}`, (_, change) => change),
    );
    this.#ended = Promise.all([this.#writeLookedOn(socket, `${name}-w0`), ...writers]);
    this.#ended.catch(() => {});
  }

  /** Resolves when some rounds are acknowledged, and at some moment of the next ones. */
  async reach(chance: Chance): Promise<void> {
    const goal = chance.between(1, MOST_ROUNDS);
    const reached = new Promise<void>((resolve) => {
      this.#goal = goal;
      this.#reached = resolve;
    });
    if (this.acknowledged.length < goal) await Promise.race([reached, this.#ended]);
    expect(this.acknowledged.length, "rounds that the writers did before they ended").toBeGreaterThanOrEqual(
      goal,
    );
    // Sharing their syncs, the writers come to the end of a round together.
    await setTimeout(chance.between(0, ROUND_MS));
  }

  /** Resolves when all have lost their daemon; rejects when one was answered, or saw, what it should not. */
  async ended(): Promise<void> {
    await this.#ended;
    expect(this.#halves, "seen by half").toEqual([]);
  }

  async #writeLookedOn(socket: string, name: string): Promise<void> {
    const reader = await connect(socket);
    await this.#write(socket, name, lookingOn(reader, this.#halves));
    reader.close();
  }

  async #write(socket: string, name: string, lookOn: LookOn): Promise<void> {
    const client = await connect(socket);
    try {
      for (let round = 0; ; round += 1) this.#tell(await writeRound(client, `${name}-${round}`, lookOn));
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

/** Looks again and again until the change is answered. */
function lookingOn(reader: Client, halves: string[]): LookOn {
  return async (what, change, isHalf) => {
    let answered = false;
    const done = change.finally(() => {
      answered = true;
    });
    const looks = async () => {
      while (!answered) if (await isHalf(reader)) halves.push(what);
    };
    const [outcome, looked] = await Promise.allSettled([done, looks()]);
    if (outcome.status === "rejected") throw outcome.reason;
    if (looked.status === "rejected" && reader.state.phase !== "closed") throw looked.reason;
    return outcome.value;
  };
}
