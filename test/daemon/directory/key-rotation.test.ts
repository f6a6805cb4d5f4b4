import { expect, test } from "vitest";
import {
  ANONYMOUS,
  DAY,
  LOCAL,
  openTestDirectory,
  reasonOf,
  refusalOf,
  type TestDirectory,
} from "./test-directory.ts";

const later = (roster: TestDirectory, ms: number) => new Date(Date.parse(roster.now) + ms).toISOString();

function present(roster: TestDirectory, secret: string) {
  return roster.call(ANONYMOUS, "auth.loginWithKey", { key: secret });
}

test("old and new key both work until the grace ends, then the new one alone", async () => {
  const roster = await openTestDirectory();
  await roster.user("bot", { type: "service", roles: ["viewer"] });
  const old = await roster.key("bot", ["users.read"]);
  const { key, secret, previous } = await roster.call(LOCAL, "keys.rotate", {
    id: old.key.id,
    graceSeconds: 60,
  });
  expect(key).toMatchObject({
    name: old.key.name,
    permissions: ["users.read"],
    status: "active",
    rotatedFrom: old.key.id,
    rotatedTo: null,
    graceUntil: null,
    useCount: 0,
  });
  expect(key.id).not.toBe(old.key.id);
  expect(previous).toMatchObject({
    id: old.key.id,
    status: "retiring",
    rotatedTo: key.id,
    graceUntil: later(roster, 60_000),
  });
  roster.advance(59_999);
  await present(roster, old.secret);
  await present(roster, secret);
  roster.advance(1);
  expect(await reasonOf(present(roster, old.secret))).toBe("invalidCredentials");
  expect(await reasonOf(roster.call(old.caller, "auth.whoami", {}))).toBe("unauthenticated");
  await present(roster, secret);
  expect(await roster.entriesOf("key.reused")).toMatchObject([{ subject: { id: old.key.id } }]);
  expect(await roster.entriesOf("key.rotated")).toMatchObject([
    { subject: { id: old.key.id }, data: { key: { id: key.id }, previous: { id: old.key.id } } },
  ]);
});

test("without grace the old key has ended at once, and stays ended when the clock is set back", async () => {
  const roster = await openTestDirectory();
  await roster.user("bot", { type: "service" });
  const old = await roster.key("bot");
  const { previous } = await roster.call(LOCAL, "keys.rotate", { id: old.key.id, graceSeconds: 0 });
  expect(previous.status).toBe("expired");
  roster.advance(-DAY);
  expect(await reasonOf(present(roster, old.secret))).toBe("invalidCredentials");
});

test("the new key lives as long from now as the old one did from its start, unless told otherwise", async () => {
  const roster = await openTestDirectory();
  await roster.user("bot", { type: "service" });
  const create = async (expiresAt: string | null) =>
    (await roster.call(LOCAL, "keys.create", { user: "bot", name: "t", expiresAt })).key;
  const ending = await create(later(roster, 10 * DAY));
  const endless = await create(null);
  roster.advance(4 * DAY);
  const rotated = async (id: string, expiresAt?: string | null) =>
    (await roster.call(LOCAL, "keys.rotate", { id, ...(expiresAt !== undefined && { expiresAt }) })).key
      .expiresAt;
  expect(await rotated(ending.id)).toBe(later(roster, 10 * DAY));
  expect(await rotated(endless.id)).toBeNull();
  const other = await create(null);
  expect(await rotated(other.id, later(roster, DAY))).toBe(later(roster, DAY));
  const past = await create(null);
  expect(await reasonOf(roster.call(LOCAL, "keys.rotate", { id: past.id, expiresAt: roster.now }))).toBe(
    -32602,
  );
});

test("the grace never passes the old key's own end", async () => {
  const roster = await openTestDirectory();
  await roster.user("bot", { type: "service" });
  const expiresAt = later(roster, 60_000);
  const { key } = await roster.call(LOCAL, "keys.create", { user: "bot", name: "t", expiresAt });
  const { previous } = await roster.call(LOCAL, "keys.rotate", { id: key.id, graceSeconds: 86_400 });
  expect(previous).toMatchObject({ graceUntil: expiresAt, expiresAt });
});

test("a key rotates itself without any permission, keeps its end, and cannot outlive it", async () => {
  const roster = await openTestDirectory();
  await roster.user("bot", { type: "service", roles: ["operator"] });
  const expiresAt = later(roster, 10 * DAY);
  const made = await roster.call(LOCAL, "keys.create", {
    user: "bot",
    name: "t",
    permissions: [],
    expiresAt,
  });
  const caller = { kind: "key", keyId: made.key.id, address: null } as const;
  roster.advance(4 * DAY);
  const longer = { id: made.key.id, expiresAt: later(roster, 7 * DAY) };
  expect(await reasonOf(roster.call(caller, "keys.rotate", longer))).toBe(-32602);
  expect(await reasonOf(roster.call(caller, "keys.rotate", { id: made.key.id, expiresAt: null }))).toBe(
    -32602,
  );
  const { key } = await roster.call(caller, "keys.rotate", { id: made.key.id });
  expect(key).toMatchObject({ expiresAt, permissions: [] });
});

test("a key without keys.manage rotates no other key, not even of its owner", async () => {
  const roster = await openTestDirectory();
  await roster.user("bot", { type: "service" });
  const [one, other] = [await roster.key("bot"), await roster.key("bot")];
  expect(await reasonOf(roster.call(one.caller, "keys.rotate", { id: other.key.id }))).toBe("forbidden");
});

test("what is revoked, expired or retiring is not rotated, and its successor is named", async () => {
  const roster = await openTestDirectory();
  await roster.user("bot", { type: "service" });
  const [retiring, revoked] = [await roster.key("bot"), await roster.key("bot")];
  const { key: successor } = await roster.call(LOCAL, "keys.rotate", { id: retiring.key.id });
  await roster.call(LOCAL, "keys.revoke", { id: revoked.key.id });
  const again = await refusalOf(roster.call(LOCAL, "keys.rotate", { id: retiring.key.id }));
  expect(again).toMatchObject({ code: 422, reason: "invalidState", data: { rotatedTo: successor.id } });
  const ended = await refusalOf(roster.call(LOCAL, "keys.rotate", { id: revoked.key.id }));
  expect(ended).toMatchObject({ reason: "invalidState" });
  expect(ended.data).not.toHaveProperty("rotatedTo");
});

test("two rotations of one key at once: one succeeds", async () => {
  const roster = await openTestDirectory();
  await roster.user("bot", { type: "service" });
  const { key } = await roster.key("bot");
  const both = await Promise.allSettled([
    roster.call(LOCAL, "keys.rotate", { id: key.id }),
    roster.call(LOCAL, "keys.rotate", { id: key.id }),
  ]);
  expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
});
