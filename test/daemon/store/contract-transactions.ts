import { expect, test } from "vitest";
import type { Transaction } from "../../../daemon/store/store.ts";
import { type Entry, refusal } from "../../../protocol/index.ts";
import { actor, addUser, putUser, user } from "./records.ts";
import type { NewPlace } from "./store-contract.ts";

export function transactionsContract(newPlace: NewPlace): void {
  test("transactions run one at a time, each seeing what the one before did", async () => {
    const store = await (await newPlace()).open();
    await addUser(store, user("a", { revision: 0 }));
    const increments = Array.from({ length: 100 }, () =>
      store.transaction(actor, async (tx) => {
        const before = await tx.user("a");
        const revision = (before?.revision ?? 0) + 1;
        tx.put("users", user("a", { revision }));
        tx.entry("user.updated", null);
        return revision;
      }),
    );
    expect(await Promise.all(increments)).toEqual(Array.from({ length: 100 }, (_, at) => at + 1));
    expect((await store.user("a"))?.revision).toBe(100);
  });

  test("what a transaction did is seen by itself at once, by others when it has resolved, with its position", async () => {
    const store = await (await newPlace()).open();
    const { seq } = store.status();
    const seen = await store.transaction(actor, async (tx) => {
      putUser(tx, user("a"));
      return {
        inside: await tx.userByName("name-a"),
        outside: await store.user("a"),
        seq: store.status().seq,
      };
    });
    expect(seen).toEqual({ inside: user("a"), outside: undefined, seq });
    expect(await store.user("a")).toEqual(user("a"));
    expect([store.status().seq, store.tip().seq]).toEqual([seq + 1, seq + 1]);
  });

  test("a transaction that throws changes and enters nothing, what it threw is thrown on, and the next one runs", async () => {
    const store = await (await newPlace()).open();
    const { seq } = store.status();
    const refused = store.transaction(actor, async (tx) => {
      putUser(tx, user("a"));
      throw refusal("alreadyExists", "no");
    });
    await expect(refused).rejects.toMatchObject({ code: 409, reason: "alreadyExists" });
    expect([await store.user("a"), await store.countUsers(), store.status().seq]).toEqual([
      undefined,
      0,
      seq,
    ]);
    await addUser(store, user("b"));
    expect(await store.countUsers()).toBe(1);
  });

  test("a refusal or answer that was decided from changes under way is told once those can be seen", async () => {
    const store = await (await newPlace()).open();
    const added = addUser(store, user("a"));
    const refused = store.transaction(actor, async (tx) => {
      if (await tx.userByName("name-a")) throw refusal("alreadyExists", "There is a user name-a");
    });
    const read = store.transaction(actor, async (tx) => tx.countUsers());
    await expect(refused).rejects.toMatchObject({ reason: "alreadyExists" });
    expect(await store.user("a")).toEqual(user("a"));
    expect(await read).toBe(1);
    await added;
  });

  test("a change of which nothing is said is refused", async () => {
    const store = await (await newPlace()).open();
    await expect(store.transaction(actor, async (tx) => tx.put("users", user("a")))).rejects.toThrow();
    expect(await store.user("a")).toBeUndefined();
  });

  test("who neither changes nor says anything leaves no trace; deleting what is not there changes nothing", async () => {
    const store = await (await newPlace()).open();
    const { seq } = store.status();
    await store.transaction(actor, async (tx) => tx.delete("users", "nobody"));
    expect(await store.transaction(actor, async (tx) => tx.user("nobody"))).toBeUndefined();
    expect(store.status().seq).toBe(seq);
  });

  test("what is said alone is entered", async () => {
    const store = await (await newPlace()).open();
    const { seq } = store.status();
    await store.transaction(actor, async (tx) => tx.entry("login.failed", null));
    expect(store.status().seq).toBe(seq + 1);
  });

  test("nothing can be done through a transaction that has ended", async () => {
    const store = await (await newPlace()).open();
    let kept: Transaction | undefined;
    await store.transaction(actor, async (tx) => {
      kept = tx;
    });
    expect(() => kept?.put("users", user("a"))).toThrow();
    expect(() => kept?.delete("users", "a")).toThrow();
    expect(() => kept?.entry("user.updated", null)).toThrow();
  });

  test("users can exchange their names in one transaction", async () => {
    const store = await (await newPlace()).open();
    await addUser(store, user("a"));
    await addUser(store, user("b"));
    await store.transaction(actor, async (tx) => {
      tx.put("users", user("a", { username: "name-b" }));
      tx.put("users", user("b", { username: "name-a" }));
      tx.entry("user.updated", null);
      expect([(await tx.userByName("name-a"))?.id, (await tx.userByName("name-b"))?.id]).toEqual(["b", "a"]);
    });
    expect([(await store.userByName("name-a"))?.id, (await store.userByName("name-b"))?.id]).toEqual([
      "b",
      "a",
    ]);
  });

  test("an answer comes before its event; each entry is told once, in order, with who did it and the transaction's instant", async () => {
    const store = await (await newPlace()).open();
    const { seq } = store.status();
    const order: string[] = [];
    const heard: Entry[] = [];
    store.onEntries((entries) => {
      order.push("event");
      heard.push(...entries);
    });
    const at = await store.transaction(actor, async (tx) => {
      putUser(tx, user("a"));
      tx.entry("session.created", null, { some: "data" });
      return tx.at;
    });
    order.push("answer");
    await Promise.all(["b", "c", "d"].map((id) => addUser(store, user(id))));
    await expect.poll(() => heard.length).toBe(5);
    expect(order.slice(0, 2)).toEqual(["answer", "event"]);
    expect(heard.map((entry) => entry.seq)).toEqual([1, 2, 3, 4, 5].map((more) => seq + more));
    const common = { at, actor, outcome: "ok", count: 1 };
    expect(heard.slice(0, 2)).toEqual([
      {
        ...common,
        seq: seq + 1,
        type: "user.updated",
        subject: { kind: "user", id: "a", name: "name-a" },
        data: { fullName: "Full Name a" },
      },
      { ...common, seq: seq + 2, type: "session.created", subject: null, data: { some: "data" } },
    ]);
  });

  test("positions follow each other whatever the clock does", async () => {
    let now = Date.UTC(2026, 5, 1);
    const store = await (await newPlace()).open({ now: () => now });
    const heard: Entry[] = [];
    store.onEntries((entries) => heard.push(...entries));
    for (const jump of [0, -400 * 86_400_000, 900 * 86_400_000]) {
      now += jump;
      await addUser(store, user(`${jump}`));
    }
    await expect
      .poll(() => heard.map(({ seq, at }) => [seq, at.slice(0, 4)]))
      .toEqual([
        [1, "2026"],
        [2, "2025"],
        [3, "2027"],
      ]);
  });
}
