import { expect, test } from "vitest";
import type { Store } from "../../../daemon/store/store.ts";
import { actor, addUser, key, role, session, user } from "./records.ts";
import type { NewPlace } from "./store-contract.ts";

const at = "2026-01-01T00:00:00.000Z";

/** One record of each collection. */
async function putOneOfEach(store: Store): Promise<void> {
  await store.transaction(actor, async (tx) => {
    tx.put("users", user("a"));
    tx.put("roles", role("r"));
    tx.put("keys", key("k", "a"));
    tx.put("sessions", session("s", "a"));
    tx.put("settings", { id: "a", settings: { studio: { zoom: 2 } }, revision: 3 });
    tx.put("presence", { id: "a", status: "Away", message: "井", returnAt: null, updatedAt: at });
    tx.put("lockouts", { id: "a", failures: 3, until: at });
    tx.put("usage", { id: "k", lastUsedAt: at, lastUsedFrom: "::1", useCount: 7 });
    tx.entry("user.created", null);
  });
}

async function readOneOfEach(store: Store): Promise<unknown[]> {
  return Promise.all([
    store.userByName("name-a"),
    store.roleByName("r"),
    store.keyBearerByLookup("lookup-k"),
    store.sessionBearerByLookup("lookup-s"),
    store.settings("a"),
    store.presence("a"),
    store.lockout("a"),
    store.usage("k"),
  ]);
}

export function closingContract(newPlace: NewPlace): void {
  test("records of every collection are there when the store was closed and opened again", async () => {
    const place = await newPlace();
    const store = await place.open({ roles: [role("viewer")] });
    await putOneOfEach(store);
    const before = await readOneOfEach(store);
    expect(before).not.toContain(undefined);
    const tip = store.tip();
    await store.close();

    const again = await place.open({ roles: [role("ignored")] });
    expect(await readOneOfEach(again)).toEqual(before);
    expect((await again.roles()).map(({ id }) => id)).toEqual(["r", "viewer"]);
    expect(again.status()).toMatchObject({
      healthy: true,
      reason: null,
      users: 1,
      seq: tip.seq,
      epoch: tip.epoch,
    });
    expect(again.tip()).toEqual(tip);
  });

  test("another place is another history", async () => {
    const [one, other] = [await (await newPlace()).open(), await (await newPlace()).open()];
    expect(one.tip().epoch).not.toBe(other.tip().epoch);
  });

  test("what was acknowledged while the store was closed is there; what comes later is refused, and reads go on", async () => {
    const place = await newPlace();
    const store = await place.open();
    await addUser(store, user("first"));
    const ids = Array.from({ length: 20 }, (_, at) => `${at}`);
    const begun = Promise.allSettled(ids.map((id) => addUser(store, user(id))));
    const closed = store.close();
    await expect(addUser(store, user("late"))).rejects.toMatchObject({
      code: 503,
      reason: "storeUnavailable",
    });
    await Promise.all([closed, store.close()]);
    const outcomes = await begun;
    const acknowledged = ids.filter((_, at) => outcomes[at]?.status === "fulfilled");
    expect(store.status()).toMatchObject({ healthy: false, reason: expect.any(String) });
    expect(await store.countUsers()).toBe(acknowledged.length + 1);

    const again = await place.open();
    const { items } = await again.queryUsers({
      filter: {},
      sort: { by: "username", order: "asc" },
      offset: 0,
      limit: 50,
      now: at,
    });
    expect(items.map(({ id }) => id).sort()).toEqual(["first", ...acknowledged].sort());
  });
}
