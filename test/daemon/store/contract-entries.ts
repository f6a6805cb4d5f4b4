import fc from "fast-check";
import { expect, test } from "vitest";
import type { Attempt, EntryQuery, Store } from "../../../daemon/store/store.ts";
import type { Entry } from "../../../protocol/index.ts";
import { act, BEGIN, isSought, limit, perform, sought } from "./naive-entries.ts";
import { actor, addUser, user } from "./records.ts";
import type { NewPlace } from "./store-contract.ts";

const range = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => from + at);

/** Transactions of so many entries each. */
async function say(store: Store, counts: readonly number[]): Promise<void> {
  for (const count of counts) {
    await store.transaction(actor, async (tx) => {
      for (let at = 0; at < count; at += 1) tx.entry(at % 2 ? "user.updated" : "role.updated", null, { at });
    });
  }
}

async function readBack(
  store: Store,
  limit: number,
  query: Omit<EntryQuery, "limit"> = {},
): Promise<number[]> {
  const seqs: number[] = [];
  for (let before: number | null | undefined; before !== null; ) {
    const page = await store.queryEntries({ ...query, limit, ...(before && { before }) });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    seqs.push(...page.items.map(({ seq }) => seq));
    before = page.next;
  }
  return seqs;
}

async function readOn(store: Store, since: number): Promise<number[] | null> {
  const groups = store.entriesSince(since);
  if (groups === null) return null;
  const seqs: number[] = [];
  for await (const entries of groups) seqs.push(...entries.map(({ seq }) => seq));
  return seqs;
}

export function entriesContract(newPlace: NewPlace): void {
  test("entries are told page by page, newest first, and on from any position, whatever became of the store since", async () => {
    const place = await newPlace();
    let store = await place.open();
    const { epoch } = store.tip();
    await say(store, [1, 4]);
    await place.settle(store);
    await say(store, [1, 1]);
    await store.close();
    store = await place.open();
    await say(store, [3, 1]);
    expect(store.tip()).toMatchObject({ seq: 11, epoch });
    for (const limit of [1, 2, 5, 11, 500])
      expect(await readBack(store, limit)).toEqual(range(1, 11).reverse());
    expect(await readBack(store, 2, { type: "user.updated" })).toEqual([9, 5, 3]);
    const page = await store.queryEntries({ before: 4, limit: 500 });
    expect(page).toMatchObject({ items: [{ seq: 3 }, { seq: 2 }, { seq: 1 }], next: null });
    for (const after of range(0, 12)) {
      const newer = await store.queryEntries({ after, limit: 500 });
      expect(newer.items.map(({ seq }) => seq)).toEqual(range(after + 1, 11).reverse());
      expect(newer.next).toBeNull();
      expect(await store.queryEntries({ after, type: "none", limit: 1 })).toEqual({
        items: [],
        next: null,
      });
    }
    const between = await store.queryEntries({ before: 9, after: 3, limit: 2 });
    expect(between).toMatchObject({ items: [{ seq: 8 }, { seq: 7 }], next: 7 });
    for (const since of range(0, 11)) expect(await readOn(store, since)).toEqual(range(since + 1, 11));
    expect(await readOn(store, 12)).toBeNull();
  });

  test("entries are found by who acted, by what it was done to, by type, outcome and time, whatever comes in between", async () => {
    const place = await newPlace();
    let now = BEGIN;
    const store = await place.open({ now: () => now });
    const said: Entry[] = [];
    store.onEntries((entries) => said.push(...entries));
    const round = fc.record({
      acts: fc.array(act, { minLength: 1, maxLength: 12 }),
      settles: fc.boolean(),
      queries: fc.array(fc.tuple(sought, limit), { minLength: 8, maxLength: 8 }),
    });
    const property = fc.asyncProperty(round, async ({ acts, settles, queries }) => {
      for (const each of acts) {
        now += each.later;
        await perform(store, each, new Date(now).toISOString());
      }
      await store.transaction(actor, async (tx) => tx.entry("role.updated", null));
      if (settles) await place.settle(store);
      await expect.poll(() => said.length).toBe(store.tip().seq);
      for (const [query, limit] of queries) {
        const expected = said.filter((entry) => isSought(entry, query)).map(({ seq }) => seq);
        expect(await readBack(store, limit, query)).toEqual(expected.reverse());
      }
    });
    await fc.assert(property, { numRuns: 12, endOnFailure: true });
  });

  test("a store that is new has no entries, and nothing but a beginning to go on from", async () => {
    const store = await (await newPlace()).open();
    expect(await store.queryEntries({ limit: 50 })).toEqual({ items: [], next: null });
    expect(await readOn(store, 0)).toEqual([]);
    expect(store.tip().hash).toMatch(/^[0-9a-f]{64}$/);
  });

  test("attempts are entered and told as they were, and change nothing", async () => {
    const store = await (await newPlace()).open();
    const heard: Entry[] = [];
    store.onEntries((entries) => heard.push(...entries));
    const subject = { kind: "user", id: "a", name: "ada" } as const;
    const attempt: Attempt = {
      at: "2026-01-01T00:00:00.000Z",
      type: "login.failed",
      actor: { kind: "anonymous", id: null, name: null, address: "192.0.2.7" },
      subject,
      outcome: "failed",
      count: 17,
      data: { method: "auth.login" },
    };
    store.record(attempt);
    await expect.poll(() => heard).toEqual([{ seq: 1, ...attempt }]);
    expect((await store.queryEntries({ limit: 1 })).items).toEqual(heard);
  });

  test("each tip is another one, and a tip stays while nothing happens", async () => {
    const store = await (await newPlace()).open();
    const tips = [store.tip()];
    for (const id of ["a", "b", "c"]) {
      await addUser(store, user(id));
      tips.push(store.tip());
    }
    expect(new Set(tips.map(({ hash }) => hash)).size).toBe(4);
    expect(store.tip()).toEqual(tips.at(-1));
  });

  test("what must be kept is never pruned", async () => {
    const place = await newPlace();
    const store = await place.open({ now: () => Date.UTC(2026, 0, 2) });
    await say(store, [1, 1, 1]);
    await place.settle(store);
    await store.pruneEntries({ since: null, bytes: Number.POSITIVE_INFINITY });
    await store.pruneEntries({ since: "2026-01-01T00:00:00.000Z", bytes: Number.POSITIVE_INFINITY });
    expect(await readBack(store, 50)).toEqual([3, 2, 1]);
  });

  test("what is left after pruning begins where an entry says, for readers back, on, and after a restart", async () => {
    const place = await newPlace();
    const store = await place.open({ now: () => Date.UTC(2026, 0, 2) });
    await say(store, [1, 1, 1]);
    await place.settle(store);
    await say(store, [1]);
    await store.pruneEntries({ since: "2026-01-03T00:00:00.000Z", bytes: Number.POSITIVE_INFINITY });
    const { items } = await store.queryEntries({ type: "audit.pruned", limit: 1 });
    const [pruned] = items;
    const anchor = Number(pruned?.data.seq ?? 0);
    const check = async (one: Store): Promise<void> => {
      const { seq } = one.status();
      expect(await readBack(one, 50)).toEqual(range(anchor + 1, seq).reverse());
      expect(await readOn(one, anchor)).toEqual(range(anchor + 1, seq));
      if (anchor > 0) expect(await readOn(one, anchor - 1)).toBeNull();
    };
    await check(store);
    await store.close();
    await check(await place.open());
  });
}
