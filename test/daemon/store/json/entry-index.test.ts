import fc from "fast-check";
import { expect, test } from "vitest";
import { EntryIndex } from "../../../../daemon/store/json/entry-index.ts";
import type { Entry } from "../../../../protocol/index.ts";
import { type Act, act, BEGIN, isSought, limit, sought } from "../naive-entries.ts";

/** What a store would enter, with positions from `first` on. */
function entered(acts: readonly Act[], first: number): Entry[] {
  let time = BEGIN;
  return acts
    .flatMap(({ actor, outcome, entries, later }) => {
      time += later;
      const at = new Date(time).toISOString();
      return entries.map((entry) => ({ ...entry, at, actor, outcome, count: 1 }));
    })
    .map((entry, index) => ({ seq: first + index, ...entry }));
}

/** Chunks begin at multiples of 4,096. */
const first = fc.constantFrom(1, 4050, 8190);
const acts = fc.array(act, { minLength: 1, maxLength: 60 });

test("the positions that are found are those of all the entries that match, whichever of them are indexed", () => {
  const queries = fc.array(fc.tuple(sought, limit), { minLength: 10, maxLength: 10 });
  const property = fc.property(
    acts,
    first,
    fc.nat(),
    fc.nat(),
    queries,
    (acts, first, from, gone, queries) => {
      const entries = entered(acts, first);
      const middle = from % (entries.length + 1);
      const index = new EntryIndex(first + middle - 1);
      const [older, newer] = [entries.slice(0, middle).reverse(), entries.slice(middle)];
      // Both ends grow in turn.
      for (let at = 0; at < entries.length; at++) {
        for (const entry of [newer[at], older[at]]) if (entry) index.add(entry);
      }
      expect([index.first, index.last]).toEqual([first, first + entries.length - 1]);
      const forgotten = gone % (entries.length + 1);
      index.forget(first + forgotten - 1);
      expect(index.first).toBe(first + forgotten);
      for (const [query, limit] of queries) {
        const shifted = {
          ...query,
          ...(query.before && { before: query.before + first }),
          ...(query.after && { after: query.after + first }),
        };
        const { before = Number.POSITIVE_INFINITY, after = 0, ...rest } = shifted;
        const expected = entries.slice(forgotten).filter((entry) => isSought(entry, shifted));
        expect(index.find({ ...rest, limit }, before, after + 1)).toEqual(
          expected
            .map(({ seq }) => seq)
            .reverse()
            .slice(0, limit),
        );
      }
    },
  );
  fc.assert(property, { numRuns: 300 });
});

test("an index knows which positions it has, and forgets nothing twice", () => {
  const index = new EntryIndex(9000);
  expect([index.has(9000), index.has(9001)]).toEqual([false, false]);
  const [entry] = entered(fc.sample(acts, { numRuns: 1, seed: 1 })[0] ?? [], 1);
  if (!entry) throw new Error("no entry");
  for (let seq = 9000; seq > 0; seq--) index.add({ ...entry, seq });
  index.add({ ...entry, seq: 9001 });
  expect([index.has(0), index.has(1), index.has(9001), index.has(9002)]).toEqual([false, true, true, false]);
  index.forget(5000);
  index.forget(300);
  expect([index.first, index.last, index.has(5000)]).toEqual([5001, 9001, false]);
  expect(index.find({ limit: 10_000 }, 9002, 1)).toHaveLength(entry.type === "usage.recorded" ? 0 : 4001);
});

test("a key acts for its owner, and nobody else of its name does", () => {
  const index = new EntryIndex(0);
  const [entry] = entered(fc.sample(acts, { numRuns: 1, seed: 1 })[0] ?? [], 1);
  if (!entry) throw new Error("no entry");
  for (const [at, kind] of (["session", "key", "local"] as const).entries()) {
    const actor = { kind, id: "1", name: "mia/backup", address: null };
    index.add({ ...entry, seq: 1 + at, type: "role.updated", actor });
  }
  expect(index.find({ actor: new Set(["mia"]), limit: 5 }, 4, 1)).toEqual([2]);
  expect(index.find({ actor: new Set(["mia/backup"]), limit: 5 }, 4, 1)).toEqual([3, 2, 1]);
});

test("each party is kept once, whatever it does and is called", () => {
  const index = new EntryIndex(0);
  const [entry] = entered(fc.sample(acts, { numRuns: 1, seed: 1 })[0] ?? [], 1);
  if (!entry) throw new Error("no entry");
  const names = ["mia", "Mia", "maria"];
  for (let seq = 1; seq <= 300; seq++) {
    const name = names[seq % 3] ?? "";
    index.add({ ...entry, seq, data: {}, subject: { kind: "user", id: "1", name } });
  }
  expect(index.parties).toBe(1 + names.length);
});
