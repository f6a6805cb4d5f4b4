import fc from "fast-check";
import { expect, test } from "vitest";
import type { KeyRecord, UserRecord } from "../../../daemon/store/records.ts";
import type { KeyQuery, Store } from "../../../daemon/store/store.ts";
import { actor, key, session, user } from "./records.ts";
import type { NewPlace } from "./store-contract.ts";

const days = ["2026-01-01T00:00:00.000Z", "2026-01-02T00:00:00.000Z"] as const;
const owner = fc.constantFrom("a", "b");
const keyId = fc.integer({ min: 0, max: 12 }).map((at) => `k${String(at).padStart(2, "0")}`);

type Step =
  | { step: "put"; id: string; name: string }
  | { step: "delete" | "use"; id: string }
  | { step: "rename"; userId: string; username: string }
  | { step: "remove"; userId: string };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      step: fc.constant("put"),
      id: keyId,
      name: fc.constantFrom("CI", "ci Änne", "x"),
    }),
  },
  fc.record({ step: fc.constantFrom("delete", "use"), id: keyId }),
  fc.record({ step: fc.constant("rename"), userId: owner, username: fc.constantFrom("anne", "cid", "zoe") }),
  fc.record({ step: fc.constant("remove"), userId: owner }),
) as fc.Arbitrary<Step>;

const texts = [undefined, "", "ci", "änne", "ANNE", "zoe", "RK_", "e\nc"];
const query = fc.record({
  userId: fc.option(owner, { nil: undefined }),
  text: fc.constantFrom(...texts),
  judged: fc.constantFrom(undefined, "used", "even"),
  offset: fc.integer({ min: 0, max: 5 }),
  limit: fc.integer({ min: 1, max: 5 }),
});
type Query = typeof query extends fc.Arbitrary<infer Q> ? Q : never;

/** Whoever owns a key and when it was made follows from its id. */
function keyOf(id: string, name: string): KeyRecord {
  const number = Number(id.slice(1));
  return key(id, number % 2 === 0 ? "a" : "b", { name, createdAt: days[number % 3 === 0 ? 0 : 1] });
}

const judges: Record<string, NonNullable<KeyQuery["matches"]>> = {
  used: (_, usage) => usage !== undefined,
  even: ({ id }) => Number(id.slice(1)) % 2 === 0,
};

function asked({ userId, text, judged, offset, limit }: Query): KeyQuery {
  return {
    ...(userId !== undefined && { userId }),
    ...(text !== undefined && { text }),
    ...(judged !== undefined && { matches: judges[judged] }),
    offset,
    limit,
  } as KeyQuery;
}

/** What is kept, the slow and obvious way. */
class Naive {
  readonly keys = new Map<string, KeyRecord>();
  readonly users = new Map<string, UserRecord>();
  readonly used = new Set<string>();
  /** Ids are given once. */
  readonly gone = new Set<string>();

  query({ userId, text, judged, offset, limit }: Query) {
    const fold = (of: string) => of.normalize("NFC").toLowerCase();
    const texts = ({ userId: by, name, hint }: KeyRecord) => [this.users.get(by)?.username ?? "", name, hint];
    const found = [...this.keys.values()]
      .filter((one) => userId === undefined || one.userId === userId)
      .filter((one) => !text || texts(one).some((each) => fold(each).includes(fold(text))))
      .filter(({ id }) => judged !== "used" || this.used.has(id))
      .filter(({ id }) => judged !== "even" || Number(id.slice(1)) % 2 === 0)
      .sort((a, b) => (a.createdAt + a.id < b.createdAt + b.id ? -1 : 1));
    return { items: found.slice(offset, offset + limit), total: found.length, offset };
  }
}

async function take(store: Store, naive: Naive, steps: readonly Step[]): Promise<void> {
  for (const one of steps) {
    if (one.step === "put" && naive.gone.has(one.id)) continue;
    if (one.step === "use" && naive.keys.has(one.id)) {
      naive.used.add(one.id);
      store.countUse(one.id, days[1], null);
    }
    await store.transaction(actor, async (tx) => {
      if (one.step === "put") {
        const record = keyOf(one.id, one.name);
        naive.keys.set(one.id, record);
        tx.put("keys", record);
      } else if (one.step === "delete") {
        naive.keys.delete(one.id);
        naive.used.delete(one.id);
        naive.gone.add(one.id);
        tx.delete("keys", one.id);
        tx.delete("usage", one.id);
      } else if (one.step === "rename") {
        const record = user(one.userId, { username: one.username + one.userId });
        naive.users.set(one.userId, record);
        tx.put("users", record);
      } else if (one.step === "remove") {
        naive.users.delete(one.userId);
        tx.delete("users", one.userId);
      }
      tx.entry("key.created", null);
    });
  }
}

async function compare(store: Store, naive: Naive, queries: readonly Query[]): Promise<void> {
  const all = { userId: undefined, judged: undefined, offset: 0, limit: 20 };
  for (const one of [...texts.map((text) => ({ ...all, text })), ...queries]) {
    const { items, ...window } = await store.queryKeys(asked(one));
    const expected = naive.query(one);
    expect(window).toEqual({ total: expected.total, offset: expected.offset });
    // One user's are in no particular order.
    if (one.userId === undefined) expect(items).toEqual(expected.items);
    else expect(items).toHaveLength(expected.items.length);
  }
}

export function ownedListsContract(newPlace: NewPlace): void {
  test("lists of keys are what filtering all of them would give, oldest first, while they, their uses and their owners change and after a restart", async () => {
    const rounds = fc.array(
      fc.record({ steps: fc.array(step, { maxLength: 30 }), queries: fc.array(query, { maxLength: 6 }) }),
      { minLength: 2, maxLength: 4 },
    );
    const property = fc.asyncProperty(rounds, async (rounds) => {
      const place = await newPlace();
      const store = await place.open();
      const naive = new Naive();
      for (const { steps, queries } of rounds) {
        await take(store, naive, steps);
        await compare(store, naive, queries);
      }
      await store.close();
      const again = await place.open();
      for (const { queries } of rounds) await compare(again, naive, queries);
      await again.close();
    });
    await fc.assert(property, { numRuns: 40 });
  });

  test("keys and sessions are listed in windows, everybody's or one user's, and counted whole", async () => {
    const store = await (await newPlace()).open();
    await store.transaction(actor, async (tx) => {
      for (let at = 0; at < 9; at += 1) {
        tx.put("keys", key(`k${at}`, at % 3 === 0 ? "a" : "b"));
        tx.put("sessions", session(`s${at}`, at % 3 === 0 ? "a" : "b"));
      }
      tx.entry("key.created", null);
    });
    const all = { offset: 6, limit: 5 };
    expect(await store.queryKeys(all)).toMatchObject({
      items: [{ id: "k6" }, { id: "k7" }, { id: "k8" }],
      total: 9,
      offset: 6,
    });
    expect(await store.querySessions(all)).toMatchObject({
      items: [{ id: "s6" }, { id: "s7" }, { id: "s8" }],
      total: 9,
      offset: 6,
    });
    const own = { userId: "a", offset: 1, limit: 1 };
    expect(await store.queryKeys(own)).toMatchObject({ items: [{ id: "k3" }], total: 3, offset: 1 });
    expect(await store.querySessions(own)).toMatchObject({ items: [{ id: "s3" }], total: 3, offset: 1 });
    const some = { matches: ({ id }: { id: string }) => id.endsWith("4"), offset: 0, limit: 5 };
    expect(await store.queryKeys(some)).toMatchObject({ items: [{ id: "k4" }], total: 1 });
    expect(await store.queryKeys({ ...all, offset: 50 })).toEqual({ items: [], total: 9, offset: 50 });
  });

  test("a scan of keys or sessions ends when it has found enough; sessions come with their use", async () => {
    const store = await (await newPlace()).open();
    await store.transaction(actor, async (tx) => {
      for (const at of [1, 2, 3]) {
        tx.put("keys", key(`k${at}`, "a"));
        tx.put("sessions", session(`s${at}`, "a"));
      }
      tx.entry("key.created", null);
    });
    store.countUse("s2", days[0], null);
    expect(await store.scanKeys({ matches: () => true, limit: 2 })).toHaveLength(2);
    const used = await store.scanSessions({ matches: (_, usage) => usage !== undefined, limit: 2 });
    expect(used.map(({ id }) => id)).toEqual(["s2"]);
  });
}
