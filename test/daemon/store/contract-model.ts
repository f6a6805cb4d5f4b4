import fc from "fast-check";
import { expect, test } from "vitest";
import type { KeyRecord, UserRecord } from "../../../daemon/store/records.ts";
import type { Reader, Store, Transaction } from "../../../daemon/store/store.ts";
import { actor, key, user } from "./records.ts";
import type { NewPlace } from "./store-contract.ts";

/** What the store should hold: nothing but maps. */
interface Model {
  users: Map<string, UserRecord>;
  keys: Map<string, KeyRecord>;
}

type Step = { put: UserRecord } | { putKey: KeyRecord } | { delete: "users" | "keys"; id: string };
type Command = { steps: Step[]; fails: boolean }[] | "settle" | "reopen";

const id = fc.integer({ min: 0, max: 6 }).map(String);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(id, fc.nat(3), fc.subarray(["admin", "viewer"])).map(([of, version, roles]) => ({
    put: user(of, { username: `n${of}-${version}`, roles, revision: version }),
  })),
  fc.tuple(id, id).map(([of, owner]) => ({ putKey: key(of, owner) })),
  fc
    .tuple(fc.constantFrom("users" as const, "keys" as const), id)
    .map(([from, of]) => ({ delete: from, id: of })),
);
const transactions = fc.array(
  fc.record({ steps: fc.array(step, { minLength: 1, maxLength: 5 }), fails: fc.boolean() }),
  { minLength: 1, maxLength: 6 },
);
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 6, arbitrary: transactions },
  fc.constant("settle" as const),
  fc.constant("reopen" as const),
);

function applyToModel(model: Model, one: Step): void {
  if ("put" in one) model.users.set(one.put.id, one.put);
  else if ("putKey" in one) model.keys.set(one.putKey.id, one.putKey);
  else model[one.delete].delete(one.id);
}

function applyToStore(tx: Transaction, one: Step): void {
  if ("put" in one) tx.put("users", one.put);
  else if ("putKey" in one) tx.put("keys", one.putKey);
  else tx.delete(one.delete, one.id);
}

/** Runs the transactions at once; each must see what those before it left, and itself. */
function runAll(store: Store, model: Model, batch: { steps: Step[]; fails: boolean }[]): Promise<unknown> {
  return Promise.all(
    batch.map(({ steps, fails }) =>
      store
        .transaction(actor, async (tx) => {
          await compare(tx, model);
          const own = { users: new Map(model.users), keys: new Map(model.keys) };
          for (const one of steps) {
            applyToStore(tx, one);
            applyToModel(own, one);
            await compare(tx, own);
          }
          if (fails) throw new Error("on purpose");
          tx.entry("user.updated", null);
          Object.assign(model, own);
        })
        .catch((error: Error) => {
          if (error.message !== "on purpose") throw error;
        }),
    ),
  );
}

async function compare(reader: Reader, model: Model): Promise<void> {
  const ids = Array.from({ length: 7 }, (_, index) => String(index));
  for (const of of ids) {
    expect(await reader.user(of)).toEqual(model.users.get(of));
    const key = model.keys.get(of);
    const owner = key && model.users.get(key.userId);
    const bearer = owner && { key, user: owner, roles: [] };
    expect(await reader.keyBearerByLookup(`lookup-${of}`)).toEqual(bearer);
    expect(await reader.keyBearer(of)).toEqual(bearer);
    const owned = [...model.keys.values()].filter(({ userId }) => userId === of);
    expect(byId(await reader.keysOf(of))).toEqual(byId(owned));
    for (let version = 0; version <= 3; version++) {
      const name = `n${of}-${version}`;
      const named = [...model.users.values()].find(({ username }) => username === name);
      expect(await reader.userByName(name)).toEqual(named);
    }
  }
  for (const role of ["admin", "viewer"]) {
    const holders = [...model.users.values()].filter(({ roles }) => roles.includes(role));
    expect(byId(await reader.usersWithRole(role))).toEqual(byId(holders));
    expect(await reader.countUsersWithRole(role)).toBe(holders.length);
  }
  expect(await reader.countUsers()).toBe(model.users.size);
}

function byId<R extends { id: string }>(records: R[]): R[] {
  return records.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

export function modelContract(newPlace: NewPlace): void {
  test("whatever is put, deleted, refused, settled and opened again, the store is what a map would be", async () => {
    const property = fc.asyncProperty(fc.array(command, { maxLength: 8 }), async (commands) => {
      const place = await newPlace();
      let store = await place.open();
      const model: Model = { users: new Map(), keys: new Map() };
      for (const one of commands) {
        if (one === "settle") await place.settle(store);
        else if (one === "reopen") {
          await store.close();
          store = await place.open();
        } else await runAll(store, model, one);
        await compare(store, model);
      }
      await store.close();
    });
    await fc.assert(property, { numRuns: 40 });
  });
}
