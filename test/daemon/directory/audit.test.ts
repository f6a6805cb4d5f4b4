import fc from "fast-check";
import { expect, test } from "vitest";
import { type Entry, normaliseUsername, type Params } from "../../../protocol/index.ts";
import { isSought } from "../store/naive-entries.ts";
import {
  ADDRESS,
  ANONYMOUS,
  LOCAL,
  MINUTE,
  openTestDirectory,
  PASSWORD,
  reasonOf,
} from "./test-directory.ts";

async function openAudit() {
  const roster = await openTestDirectory();
  const { user: mia, caller } = await roster.person("mia", ["admin"]);
  async function query(params: Params<"audit.query"> = {}): Promise<Entry[]> {
    await roster.settle();
    return (await roster.call(LOCAL, "audit.query", params)).items;
  }
  const types = async (params: Params<"audit.query">) => (await query(params)).map(({ type }) => type);
  return { roster, mia, caller, query, types };
}

test("what happened is told newest first: who did what to whom, whence and when", async () => {
  const { roster, mia, caller, query } = await openAudit();
  const noa = await roster.call(caller, "users.create", { username: "noa" });
  expect(await query({ limit: 2 })).toEqual([
    {
      seq: expect.any(Number),
      at: roster.now,
      type: "user.created",
      actor: { kind: "session", id: mia.id, name: "mia", address: ADDRESS },
      subject: { kind: "user", id: noa.user.id, name: "noa" },
      outcome: "ok",
      count: 1,
      data: { user: expect.objectContaining({ username: "noa" }) },
    },
    expect.objectContaining({ type: "session.created" }),
  ]);
});

test("entries are found by who acted: by name, by id, and by what its keys did", async () => {
  const { roster, mia, caller, types } = await openAudit();
  const tool = await roster.key("mia");
  await roster.call(caller, "users.create", { username: "noa" });
  await roster.call(tool.caller, "users.enable", { user: "noa" });
  await roster.call(tool.caller, "users.disable", { user: "noa" });
  const byMia = ["user.disabled", "user.created", "session.created"];
  expect(await types({ actor: "MIA" })).toEqual(byMia);
  expect(await types({ actor: mia.id })).toEqual(byMia);
  expect(await types({ actor: tool.key.id })).toEqual(["user.disabled"]);
  await roster.call(LOCAL, "users.update", { user: "mia", changes: { username: "maria" } });
  expect(await types({ actor: "maria" })).toEqual(byMia);
  expect(await types({ actor: "nobody" })).toEqual([]);
});

test("entries are found by what was done to something, under its old name too", async () => {
  const { roster, mia, types } = await openAudit();
  const { key } = await roster.key("mia");
  await roster.call(LOCAL, "users.update", { user: "mia", changes: { username: "maria" } });
  expect(await types({ subject: "mia", type: "user.*" })).toEqual(["user.created"]);
  expect(await types({ subject: mia.id })).toEqual(["user.updated", "key.created", "user.created"]);
  expect(await types({ subject: "maria" })).toEqual(["user.updated", "key.created", "user.created"]);
  expect(await types({ subject: key.id })).toEqual(["key.created"]);
});

test("entries are found by part of a name: the actor's, the subject's, or that of a key's owner", async () => {
  const { roster, caller, types } = await openAudit();
  const tool = await roster.key("mia");
  await roster.call(caller, "users.create", { username: "noa" });
  await roster.call(tool.caller, "users.disable", { user: "noa" });
  expect(await types({ text: "NO" })).toEqual(["user.disabled", "user.created"]);
  const byOrAboutMia = ["user.disabled", "user.created", "key.created", "session.created", "user.created"];
  expect(await types({ text: "Ｍi" })).toEqual(byOrAboutMia);
  expect(await types({ text: `mia/${tool.key.name}` })).toEqual(["user.disabled", "key.created"]);
  expect(await types({ text: `a/${tool.key.name.slice(0, 1)}`, type: "key.*" })).toEqual(["key.created"]);
  expect(await types({ text: "noa", actor: "mia", outcome: "ok" })).toEqual([
    "user.disabled",
    "user.created",
  ]);
  expect(await types({ text: tool.key.id })).toEqual([]);
  expect(await types({ text: "" })).toHaveLength(5);
});

test("entries are found by type, by a noun's types, by outcome and by time, all of which must hold", async () => {
  const { roster, types, query } = await openAudit();
  const before = roster.now;
  roster.advance(MINUTE);
  const middle = roster.now;
  await reasonOf(roster.call(ANONYMOUS, "auth.login", { username: "mia", password: "a guess" }));
  await roster.key("mia");
  await roster.settle();
  roster.advance(MINUTE);
  await roster.key("mia");
  expect(await types({ type: "key.created" })).toEqual(["key.created", "key.created"]);
  expect(await types({ type: "key.*", to: roster.now })).toEqual(["key.created"]);
  expect(await types({ type: "key" })).toEqual([]);
  expect(await query({ outcome: "failed" })).toMatchObject([
    { type: "login.failed", actor: { kind: "anonymous", address: ADDRESS }, subject: { name: "mia" } },
  ]);
  expect(await types({ from: middle, to: roster.now })).toEqual(["login.failed", "key.created"]);
  expect(await types({ to: middle })).toEqual(["session.created", "user.created"]);
  expect(await types({ from: before, to: before })).toEqual([]);
});

test("pages follow one another by `next` to the beginning, whatever is written meanwhile", async () => {
  const { roster } = await openAudit();
  for (let at = 0; at < 5; at += 1) await roster.user(`u${at}`);
  const seen: number[] = [];
  for (let before: number | null | undefined; before !== null; ) {
    const page = await roster.call(LOCAL, "audit.query", { limit: 2, ...(before && { before }) });
    seen.push(...page.items.map(({ seq }) => seq));
    before = page.next;
    await roster.user(`w${seen.length}`);
  }
  expect(seen).toEqual(Array.from(seen, (_, at) => seen.length - at));
});

test("counters of uses are not told: nobody did anything", async () => {
  const { roster, caller, types } = await openAudit();
  roster.store.countUse(caller.kind === "session" ? caller.sessionId : "", roster.now, ADDRESS);
  await roster.store.flushUsage();
  expect(await types({ type: "usage.recorded" })).toEqual([]);
  expect(await types({})).not.toContain("usage.recorded");
});

test("no filter misses what it would find by looking at every entry, whatever things are called", async () => {
  const { roster, mia, query } = await openAudit();
  const { store } = roster;
  const namesOf = (ref: string) =>
    new Set([normaliseUsername(ref), ...(normaliseUsername(ref) === "mia" ? [mia.id] : [])]);
  const awkward = fc.constantFrom(...'miaMIAΣς\u212aİﬁ＂＼/"\\\n\u0301\ud800');
  const name = fc.string({
    unit: fc.oneof(awkward, fc.string({ minLength: 1, maxLength: 1 })),
    maxLength: 6,
  });
  const kind = fc.constantFrom("local", "key", "session");
  const type = fc.constantFrom("key.created", "key.revoked", "role.updated");
  const acts = fc.array(fc.record({ by: name, kind, type, about: fc.array(name, { maxLength: 3 }) }), {
    minLength: 1,
    maxLength: 8,
  });
  const property = fc.asyncProperty(acts, async (acts) => {
    for (const { by, kind, type, about } of acts) {
      const actor = { kind, id: null, name: `mia/${by}`, address: null } as const;
      await store.transaction(actor, async (tx) => {
        for (const name of about) {
          const key = { username: by, id: roster.now };
          tx.entry(type as "key.created", { kind: "key", id: key.id, name }, { key });
        }
      });
    }
    const names = acts.flatMap(({ by, about }) => [by, `mia/${by}`, ...about]).filter((name) => name !== "");
    for (const name of [...names, "mia", "Ｍia"]) {
      const part = { text: name.slice(name.length / 3) };
      for (const params of [{ subject: name }, { actor: name }, part, { ...part, type: "key.*" }]) {
        const { subject, actor, ...others } = { subject: undefined, actor: undefined, ...params };
        const found = await query({ ...params, limit: 500 });
        const sought = {
          ...others,
          ...(subject !== undefined && { subject: namesOf(subject) }),
          ...(actor !== undefined && { actor: namesOf(actor) }),
        };
        const expected = roster.entries.filter((entry) => isSought(entry, sought));
        expect(found).toEqual(expected.slice(-500).reverse());
      }
    }
  });
  await fc.assert(property, { numRuns: 6 });
});

test("a name typed at a failed login is not written down unless there is such an account", async () => {
  const { roster, query } = await openAudit();
  const guess = (username: string) =>
    reasonOf(roster.call(ANONYMOUS, "auth.login", { username, password: "wrong" }));
  await guess(PASSWORD);
  await guess("mia");
  const failed = await query({ type: "login.failed" });
  expect(failed.map(({ subject }) => subject?.name ?? null).sort()).toEqual(["mia", null]);
  expect(JSON.stringify(failed)).not.toContain(PASSWORD);
});

test("the tip is the newest position with its hash", async () => {
  const { roster } = await openAudit();
  const tip = await roster.call(LOCAL, "audit.tip", {});
  expect(tip).toEqual({ ...roster.store.tip(), hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
  await roster.user("noa");
  expect((await roster.call(LOCAL, "audit.tip", {})).seq).toBe(tip.seq + 1);
});
