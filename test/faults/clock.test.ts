import { expect, test } from "vitest";
import type { Caller } from "../../daemon/directory/caller.ts";
import {
  ANONYMOUS,
  DAY,
  HOUR,
  LOCAL,
  MINUTE,
  PASSWORD,
  reasonOf,
  refusalOf,
  type TestDirectory,
  withTestDirectory,
} from "../daemon/directory/test-directory.ts";
import { MemoryDisk } from "../daemon/store/json/memory-disk.ts";
import { type Chance, chanceOf, tell, times } from "./effort.ts";

const WALKS = times(3, 100);
const STEPS = 60;
const LONGEST_DELAY_MS = 15 * MINUTE;
const UNTRUSTED_MS = HOUR;
const removals = ["user.purged", "key.dropped"];

test("however the clock jumps, what ended stays ended, delays stay short, and nothing is removed within an hour", async (context) => {
  let jumps = 0;
  let entries = 0;
  for (let walk = 1; walk <= WALKS; walk++) {
    const io = new MemoryDisk().files;
    await withTestDirectory({ io, loginBudget: { perAddress: 1e6, overall: 1e6 } }, async (roster) => {
      const one = new Walk(roster, chanceOf(`clock ${walk}`));
      for (let step = 0; step < STEPS; step++) await one.step();
      jumps += one.jumps;
      entries += roster.entries.length;
    });
  }
  expect(entries).toBeGreaterThan(WALKS * STEPS);
  tell(context, `${WALKS * STEPS} steps, ${jumps} jumps`);
});

/** A directory in use while its clock goes wrong, with what must hold after every step. */
class Walk {
  jumps = 0;
  readonly #roster: TestDirectory;
  readonly #chance: Chance;
  /** Keys and sessions by their ids. */
  readonly #callers = new Map<string, Caller>();
  /** Milliseconds that have really passed since the clock was last unsure. */
  #sureFor = 0;
  #looked = 0;
  #names = 0;

  constructor(roster: TestDirectory, chance: Chance) {
    this.#roster = roster;
    this.#chance = chance;
  }

  async step(): Promise<void> {
    const roster = this.#roster;
    const kind = this.#chance.pick(["use", "use", "use", "pass", "pass", "jump", "jump", "restart"]);
    if (kind === "use") await this.#use();
    else if (kind === "pass") this.#pass(this.#chance.between(1, 180) * MINUTE);
    else if (kind === "jump") this.#jump();
    else {
      await roster.restart();
      this.#sureFor = 0;
    }
    await roster.sweep();
    await roster.settle();
    this.#assertNoEarlyRemoval();
    this.#assertPositions();
    await this.#assertEndedStaysEnded();
    await this.#assertShortDelay();
  }

  #pass(ms: number): void {
    this.#roster.advance(ms);
    this.#sureFor += ms;
  }

  #jump(): void {
    const by = this.#chance.pick([1, -1]) * this.#chance.pick([HOUR, DAY, 40 * DAY, 400 * DAY]);
    this.#roster.setClock(by * this.#chance.between(1, 9));
    this.#sureFor = 0;
    this.jumps += 1;
  }

  /** Somebody new, with an end or none, who has a session and keys that end at different times. */
  async #use(): Promise<void> {
    const roster = this.#roster;
    this.#names += 1;
    const username = `user-${this.#names}`;
    const validUntil = this.#chance.pick([null, this.#in(2 * DAY)]);
    const { user, caller } = await roster.person(username, [], { validUntil });
    if (caller.kind === "session") this.#callers.set(caller.sessionId, caller);
    for (const expiresAt of [null, this.#in(DAY)]) {
      const { key } = await roster.call(LOCAL, "keys.create", { user: user.id, name: "k", expiresAt });
      this.#callers.set(key.id, { kind: "key", keyId: key.id, address: null });
    }
    if (this.#chance.next() < 0.5) await roster.call(LOCAL, "users.delete", { user: user.id });
    else await reasonOf(roster.login(username, "a wrong password, again"));
  }

  /** An instant from a moment from now until so long from now. */
  #in(ms: number): string {
    return new Date(Date.parse(this.#roster.now) + this.#chance.between(MINUTE, ms)).toISOString();
  }

  #assertNoEarlyRemoval(): void {
    const added = this.#roster.entries.slice(this.#looked);
    this.#looked = this.#roster.entries.length;
    const removed = added.filter(({ type, actor }) => removals.includes(type) && actor.kind === "system");
    if (removed.length > 0) expect(this.#sureFor).toBeGreaterThanOrEqual(UNTRUSTED_MS);
  }

  #assertPositions(): void {
    expect(this.#roster.entries.map(({ seq }) => seq)).toEqual(
      this.#roster.entries.map((_, index) => index + 1),
    );
  }

  async #assertEndedStaysEnded(): Promise<void> {
    for (const { type, subject } of this.#roster.entries) {
      const caller = this.#callers.get(subject?.id ?? "");
      if (!caller || !["key.expired", "session.ended"].includes(type)) continue;
      expect((await refusalOf(this.#roster.call(caller, "auth.whoami", {}))).code).toBe(401);
    }
  }

  async #assertShortDelay(): Promise<void> {
    if (this.#names === 0) return;
    const error = await refusalOf(
      this.#roster.login(`user-${this.#names}`, PASSWORD.toUpperCase(), ANONYMOUS),
    );
    const delay = error.data?.retryAfterMs;
    if (delay !== undefined) expect(delay).toBeLessThanOrEqual(LONGEST_DELAY_MS);
  }
}
