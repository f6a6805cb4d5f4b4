import fc from "fast-check";
import { expect, test } from "vitest";
import { OwnedLists, queryAmong, type Surroundings } from "../../../../daemon/store/json/owned-lists.ts";
import { Tables } from "../../../../daemon/store/json/table.ts";
import type { KeyRecord, UsageRecord } from "../../../../daemon/store/records.ts";
import type { OwnedQuery } from "../../../../daemon/store/store.ts";
import { advance, key, user } from "./fixtures.ts";

const days = ["2026-01-01T00:00:00.000Z", "2026-01-02T00:00:00.000Z"] as const;
const number = fc.integer({ min: 0, max: 40 });
const owner = fc.constantFrom("a", "b");
const step = fc.oneof(
  fc.record({ put: number, name: fc.constantFrom("CI", "ci Änne", "x") }),
  fc.record({ delete: number }),
  fc.record({ use: number }),
  fc.record({ rename: owner, to: fc.constantFrom("anne", "zoe") }),
  { weight: 2, arbitrary: fc.record({ idle: fc.nat({ max: 60 }) }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;
const used = (_: KeyRecord, usage: UsageRecord | undefined): boolean => usage !== undefined;
const query: fc.Arbitrary<OwnedQuery<KeyRecord>> = fc.record(
  {
    text: fc.constantFrom("ci", "änne", "ANNE", "zoe", "rk_"),
    matches: fc.constant(used),
    offset: fc.integer({ min: 0, max: 5 }),
    limit: fc.integer({ min: 1, max: 50 }),
  },
  { requiredKeys: ["offset", "limit"] },
);
const part = fc.record({ steps: fc.array(step, { maxLength: 20 }), query });

/** Whoever owns a key and when it was made follows from its number. */
function keyOf(at: number, name: string): KeyRecord {
  return key(`k${at}`, at % 2 === 0 ? "a" : "b", { name, createdAt: days[at % 3 === 0 ? 0 : 1] });
}

function byAge(a: KeyRecord, b: KeyRecord): number {
  return a.createdAt + a.id < b.createdAt + b.id ? -1 : 1;
}

/** Keys of two users in tables, with the lists over them. */
class Keys {
  readonly #tables = new Tables();
  readonly #usages = new Map<string, UsageRecord>();
  readonly #surroundings: Surroundings<KeyRecord> = {
    usernameOf: (id) => this.#tables.view("users").get(id)?.username ?? "",
    usageOf: (id) => this.#usages.get(id),
    textsOf: ({ name, hint }) => [name, hint],
  };
  readonly #lists = new OwnedLists(this.#tables.view("keys").values(), this.#surroundings);
  readonly #works = [...this.#lists.firstWork(), this.#lists.textWork];

  constructor(initial: readonly number[]) {
    for (const at of initial) this.#tables.view("keys").put(keyOf(at, "first"));
  }

  take(one: Step): void {
    const keys = this.#tables.view("keys");
    if ("idle" in one) {
      advance(this.#works, one.idle);
    } else if ("put" in one) {
      const record = keyOf(one.put, one.name);
      keys.put(record);
      this.#lists.put(record);
    } else if ("delete" in one) {
      keys.delete(`k${one.delete}`);
      this.#lists.delete(`k${one.delete}`);
    } else if ("use" in one) {
      const usage = { id: `k${one.use}`, lastUsedAt: days[1], lastUsedFrom: null, useCount: 1 };
      this.#usages.set(usage.id, usage);
      this.#lists.used(usage);
    } else {
      this.#tables.view("users").put(user(one.rename, { username: one.to + one.rename }));
      this.#lists.renamed(keys.group(one.rename), one.to + one.rename);
    }
  }

  compare(asked: OwnedQuery<KeyRecord>): void {
    const all = this.#tables.view("keys").all().sort(byAge);
    expect(this.#lists.query(asked)).toEqual(queryAmong(all, asked, this.#surroundings));
  }
}

test("lists of keys are what filtering all of them would give, oldest first, whatever changes while they are made and after", () => {
  const property = fc.property(
    fc.array(number, { maxLength: 40 }),
    fc.array(part, { minLength: 1, maxLength: 8 }),
    (initial, parts) => {
      const keys = new Keys(initial);
      for (const { steps, query } of parts) {
        for (const one of steps) keys.take(one);
        keys.compare(query);
      }
      keys.take({ idle: 1000 });
      for (const { query } of parts) keys.compare(query);
    },
  );
  fc.assert(property, { numRuns: 150 });
});
