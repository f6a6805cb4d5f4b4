import fc from "fast-check";
import { expect, test } from "vitest";
import type { UserRecord } from "../../../daemon/store/records.ts";
import type { Transaction } from "../../../daemon/store/store.ts";
import { naive, naiveAfter, query, record, status, times } from "./naive-lists.ts";
import { actor, addUser, user } from "./records.ts";
import type { NewPlace } from "./store-contract.ts";

interface Said {
  said: string;
  status: string | undefined;
}

const id = fc.integer({ min: 0, max: 30 }).map(String);

/** Somebody says something on the presence board, or takes it back. */
function say(tx: Transaction, statuses: Map<string, string>, { said, status }: Said): void {
  if (status === undefined) {
    statuses.delete(said);
    tx.delete("presence", said);
  } else {
    statuses.set(said, status);
    tx.put("presence", { id: said, status, message: "", returnAt: null, updatedAt: times[0] ?? "" });
  }
}

export function listsContract(newPlace: NewPlace): void {
  test("lists of users are what filtering and sorting all of them would give, while they change and after a restart", async () => {
    const step = fc.oneof({ weight: 4, arbitrary: record }, id, fc.record({ said: id, status }));
    const steps = fc.array(step, { minLength: 1, maxLength: 20 });
    const rounds = fc.array(fc.record({ steps, queries: fc.array(query, { maxLength: 5 }) }), {
      minLength: 1,
      maxLength: 3,
    });
    const property = fc.asyncProperty(rounds, fc.array(id, { maxLength: 5 }), async (rounds, lockedIds) => {
      const place = await newPlace();
      let store = await place.open();
      const users = new Map<string, UserRecord>();
      const statuses = new Map<string, string>();
      const [, , until = ""] = times;
      const lockedUntil = new Map(lockedIds.map((id) => [id, until]));
      await store.transaction(actor, async (tx) => {
        for (const locked of lockedIds) tx.put("lockouts", { id: locked, failures: 9, until });
        tx.entry("user.locked", null);
      });
      for (const { steps, queries } of rounds) {
        await store.transaction(actor, async (tx) => {
          for (const step of steps) {
            if (typeof step === "string") {
              users.delete(step);
              tx.delete("users", step);
            } else if ("said" in step) {
              say(tx, statuses, step);
            } else {
              users.set(step.id, step);
              tx.put("users", step);
            }
          }
          tx.entry("user.updated", null);
        });
        for (const again of [false, true]) {
          if (again) {
            await store.close();
            store = await place.open();
          }
          for (const asked of queries) {
            const { around = "", limit } = asked;
            expect(await store.queryUsers(asked)).toEqual(
              naive([...users.values()], { lockedUntil, statuses }, asked),
            );
            expect(await store.usersAfter(around, limit)).toEqual(
              naiveAfter([...users.values()], around, limit),
            );
          }
        }
      }
      await store.close();
    });
    await fc.assert(property, { numRuns: 15 });
  });

  test("whoever goes through all users by id meets each once, whatever changes meanwhile", async () => {
    const store = await (await newPlace()).open();
    const ids = Array.from({ length: 30 }, (_, at) => `${at + 10}`);
    for (const of of ids) await addUser(store, user(of));
    const met: string[] = [];
    for (let last = ""; ; ) {
      const page = await store.usersAfter(last, 7);
      if (page.length === 0) break;
      met.push(...page.map((one) => one.id));
      last = page.at(-1)?.id ?? "";
      await addUser(store, user(last, { username: `renamed-${last}`, updatedAt: times[2] ?? "" }));
      await addUser(store, user(`0${last}`));
    }
    expect(met).toEqual(ids);
  });

  test("a scan meets deleted users too, and ends when it has found enough", async () => {
    const store = await (await newPlace()).open();
    for (const of of ["a", "b", "c", "d"])
      await addUser(store, user(of, { deletedAt: of === "b" ? (times[0] ?? "") : null }));
    const found = await store.scanUsers({ matches: ({ deletedAt }) => deletedAt !== null, limit: 10 });
    expect(found.map((one) => one.id)).toEqual(["b"]);
    expect(await store.scanUsers({ matches: () => true, limit: 3 })).toHaveLength(3);
  });
}
