import { expect, test } from "vitest";
import type { Store } from "../../../daemon/store/store.ts";
import { actor, key } from "./records.ts";
import type { NewPlace } from "./store-contract.ts";

const [first, second] = ["2026-01-01T00:00:00.000Z", "2026-01-02T00:00:00.000Z"] as const;

async function addKey(store: Store): Promise<void> {
  await store.transaction(actor, async (tx) => {
    tx.put("keys", key("k", "a"));
    tx.entry("key.created", null);
  });
}

export function usageContract(newPlace: NewPlace): void {
  test("uses are counted at once, seen in transactions and queries too, and kept when the store is closed", async () => {
    const place = await newPlace();
    const store = await place.open();
    await addKey(store);
    expect(await store.usage("k")).toBeUndefined();
    store.countUse("k", first, null);
    store.countUse("k", second, "::1");
    const counted = { id: "k", lastUsedAt: second, lastUsedFrom: "::1", useCount: 2 };
    expect(await store.usage("k")).toEqual(counted);
    expect(await store.transaction(actor, async (tx) => tx.usage("k"))).toEqual(counted);
    const used = await store.queryKeys({ matches: (_, usage) => usage?.useCount === 2, offset: 0, limit: 1 });
    expect(used.items).toEqual([key("k", "a")]);
    await store.close();

    const again = await place.open();
    expect(await again.usage("k")).toEqual(counted);
    again.countUse("k", second, null);
    expect((await again.usage("k"))?.useCount).toBe(3);
  });

  test("a deleted key takes its count of uses with it", async () => {
    const place = await newPlace();
    const store = await place.open();
    await addKey(store);
    store.countUse("k", first, null);
    await store.transaction(actor, async (tx) => {
      tx.delete("keys", "k");
      tx.entry("key.revoked", null);
    });
    await store.close();
    expect(await (await place.open()).usage("k")).toBeUndefined();
  });
}
