import { expect, test } from "vitest";
import { DAY, LOCAL, openTestDirectory, reasonOf, refusalOf, type TestDirectory } from "./test-directory.ts";

const later = (roster: TestDirectory, ms: number) => new Date(Date.parse(roster.now) + ms).toISOString();

test("a key gets another name, fewer permissions and an earlier end, and works on as such", async () => {
  const roster = await openTestDirectory();
  await roster.user("bot", { type: "service", roles: ["viewer"] });
  const { key, caller } = await roster.key("bot", ["users.read", "presence.read"]);
  await roster.call(caller, "presence.list", {});
  const changes = { name: "hall screen", permissions: ["users.read"], expiresAt: later(roster, DAY) };
  const updated = await roster.call(LOCAL, "keys.update", { id: key.id, changes });
  expect(updated).toMatchObject({ ...changes, id: key.id, hint: key.hint, status: "active" });
  expect(await roster.call(LOCAL, "keys.get", { id: key.id })).toMatchObject(changes);
  await roster.call(caller, "users.list", {});
  expect(await reasonOf(roster.call(caller, "presence.list", {}))).toBe("forbidden");
  roster.advance(DAY);
  expect(await reasonOf(roster.call(caller, "users.list", {}))).toBe("unauthenticated");
  expect(await roster.entriesOf("key.updated")).toMatchObject([
    {
      subject: { kind: "key", id: key.id, name: "hall screen" },
      data: { key: changes, changed: ["expiresAt", "name", "permissions"] },
    },
  ]);
});

test("what is left out stays, and what is no change is told to nobody", async () => {
  const roster = await openTestDirectory();
  await roster.user("bot", { type: "service", roles: ["viewer"] });
  const { key } = await roster.key("bot", ["users.read"]);
  const update = (changes: object) => roster.call(LOCAL, "keys.update", { id: key.id, changes });
  expect(await update({})).toEqual(key);
  expect(await update({ name: key.name, permissions: ["users.read"], expiresAt: null })).toEqual(key);
  expect(await update({ name: "other" })).toEqual({ ...key, name: "other" });
  expect(await roster.entriesOf("key.updated")).toMatchObject([{ data: { changed: ["name"] } }]);
});

test("a key never gets wider, not even by what its owner holds", async () => {
  const roster = await openTestDirectory();
  await roster.user("bot", { type: "service", roles: ["viewer"] });
  const { key } = await roster.key("bot", ["users.read"]);
  const wider = { id: key.id, changes: { permissions: ["presence.read", "users.read"] } };
  expect(await refusalOf(roster.call(LOCAL, "keys.update", wider))).toMatchObject({
    code: -32602,
    data: { issues: [{ path: ["changes", "permissions", 0], code: "wider" }] },
  });
  await roster.call(LOCAL, "keys.update", { id: key.id, changes: { permissions: [] } });
  const back = { id: key.id, changes: { permissions: ["users.read"] } };
  expect(await reasonOf(roster.call(LOCAL, "keys.update", back))).toBe(-32602);
});

test("a key of all that its owner holds is narrowed to a list of what the owner holds now", async () => {
  const roster = await openTestDirectory();
  const { caller } = await roster.person("ada", ["viewer"]);
  const { key } = await roster.call(caller, "keys.create", { name: "laptop" });
  const update = (permissions: string[]) =>
    roster.call(caller, "keys.update", { id: key.id, changes: { permissions } });
  expect(await refusalOf(update(["users.delete"]))).toMatchObject({
    data: { issues: [{ code: "notHeld" }] },
  });
  expect((await update(["users.read"])).permissions).toEqual(["users.read"]);
});

test("a key never lasts longer, and is not ended by an end in the past", async () => {
  const roster = await openTestDirectory();
  const { caller } = await roster.person("ada");
  const expiresAt = later(roster, DAY);
  const { key } = await roster.call(caller, "keys.create", { name: "t", expiresAt });
  const update = (end: string | null) =>
    roster.call(caller, "keys.update", { id: key.id, changes: { expiresAt: end } });
  for (const end of [null, later(roster, DAY + 1), roster.now, later(roster, -DAY)]) {
    expect(await refusalOf(update(end))).toMatchObject({
      code: -32602,
      data: { issues: [{ path: ["changes", "expiresAt"] }] },
    });
  }
  expect((await update(expiresAt)).expiresAt).toBe(expiresAt);
  expect((await update(later(roster, DAY - 1))).expiresAt).toBe(later(roster, DAY - 1));
});

test("an earlier end is journalled when it comes", async () => {
  const roster = await openTestDirectory();
  const { caller } = await roster.person("ada");
  const { key } = await roster.call(caller, "keys.create", { name: "t" });
  await roster.sweep();
  await roster.call(caller, "keys.update", { id: key.id, changes: { expiresAt: later(roster, 1000) } });
  await roster.settle();
  roster.advance(1000);
  await roster.sweep();
  expect(await roster.entriesOf("key.expired")).toMatchObject([{ subject: { id: key.id } }]);
});

test("a retiring key can be changed, an ended one cannot", async () => {
  const roster = await openTestDirectory();
  await roster.user("bot", { type: "service" });
  const { key } = await roster.key("bot");
  await roster.call(LOCAL, "keys.rotate", { id: key.id, graceSeconds: 60 });
  const rename = () => roster.call(LOCAL, "keys.update", { id: key.id, changes: { name: "old" } });
  expect((await rename()).status).toBe("retiring");
  await roster.call(LOCAL, "keys.revoke", { id: key.id });
  expect(await refusalOf(rename())).toMatchObject({ code: 422, data: { status: "revoked" } });
});

test("a key changes neither itself nor its owner's other keys without keys.manage", async () => {
  const roster = await openTestDirectory();
  await roster.user("bot", { type: "service", roles: ["viewer"] });
  const { key, caller } = await roster.key("bot", ["users.read"]);
  const other = await roster.key("bot", ["users.read"]);
  for (const id of [key.id, other.key.id]) {
    expect(await reasonOf(roster.call(caller, "keys.update", { id, changes: { name: "x" } }))).toBe(
      "forbidden",
    );
  }
});

test("an operator changes no key of an administrator", async () => {
  const roster = await openTestDirectory();
  await roster.user("root", { roles: ["admin"] });
  const { key } = await roster.key("root");
  const { caller } = await roster.person("op", ["operator"]);
  const update = roster.call(caller, "keys.update", { id: key.id, changes: { permissions: [] } });
  expect(await reasonOf(update)).toBe("outranked");
});
