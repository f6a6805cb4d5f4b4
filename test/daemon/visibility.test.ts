import { describe, expect, test } from "vitest";
import type { CallerNow } from "../../daemon/directory/caller.ts";
import { eventTopic, maySee, showsAddress } from "../../daemon/visibility.ts";
import { type Entry, type OwnPermission, type Topic, topicNames, topics } from "../../protocol/index.ts";

/** What protocol.md 6 says, a second time: with what other people's events of a topic are seen. */
const seenWith: Record<Topic, OwnPermission> = {
  users: "users.read",
  keys: "keys.manage",
  roles: "users.read",
  sessions: "sessions.manage",
  settings: "settings.read",
  presence: "presence.read",
};

const kindOf = {
  users: "user",
  keys: "key",
  roles: "role",
  sessions: "session",
  settings: "settings",
  presence: "presence",
} as const satisfies Record<Topic, NonNullable<Entry["subject"]>["kind"]>;

const ANNA = "01900000-0000-7000-8000-00000000000a";
const BORIS = "01900000-0000-7000-8000-00000000000b";
const ANNAS_KEY = "01900000-0000-7000-8000-0000000000aa";
const OTHER_ID = "01900000-0000-7000-8000-0000000000cc";

/** An event of this type about what belongs to this user. */
function about(type: string, topic: Topic, userId: string, id = OTHER_ID): Entry {
  const kind = kindOf[topic];
  const byUser = kind === "user" || kind === "settings" || kind === "presence";
  return {
    seq: 1,
    at: "2026-03-01T12:00:00.000Z",
    type,
    actor: { kind: "local", id: null, name: null, address: null },
    subject: { kind, id: byUser ? userId : id, name: "x" },
    outcome: "ok",
    count: 1,
    data: { [kind]: { id, userId } },
  };
}

function caller(kind: CallerNow["kind"], ...permissions: string[]): CallerNow {
  const known = { user: { id: ANNA }, key: { id: ANNAS_KEY }, session: {} };
  return { kind, permissions: new Set(permissions), at: "", ...known } as unknown as CallerNow;
}

const types = topicNames.flatMap((topic) => topics[topic].types.map((type) => [type, topic] as const));

describe.each(types)("%s", (type, topic) => {
  const ofAnna = about(type, topic, ANNA);
  const ofBoris = about(type, topic, BORIS);
  const others = Object.values(seenWith).filter((permission) => permission !== seenWith[topic]);

  test("is an event of its topic", () => {
    expect(eventTopic(ofAnna)).toBe(topic);
  });

  test.each(["session", "key", "local"] as const)(
    "of somebody else is seen by a %s with its permission only",
    (kind) => {
      expect(maySee(caller(kind, seenWith[topic]), ofBoris, topic)).toBe(true);
      expect(maySee(caller(kind, ...others), ofBoris, topic)).toBe(false);
    },
  );

  test("of oneself is always seen, if it is about somebody", () => {
    expect(maySee(caller("session"), ofAnna, topic)).toBe(topic !== "roles");
    expect(maySee(caller("anonymous"), ofAnna, topic)).toBe(false);
  });
});

test("a key sees itself and its owner, and nothing else of its owner's", () => {
  const key = caller("key");
  expect(maySee(key, about("key.revoked", "keys", ANNA, ANNAS_KEY), "keys")).toBe(true);
  expect(maySee(key, about("key.revoked", "keys", ANNA), "keys")).toBe(false);
  expect(maySee(key, about("user.updated", "users", ANNA), "users")).toBe(true);
  expect(maySee(key, about("session.created", "sessions", ANNA), "sessions")).toBe(false);
  expect(maySee(key, about("settings.saved", "settings", ANNA), "settings")).toBe(false);
});

test("attempts and housekeeping are no events", () => {
  for (const type of ["login.failed", "call.denied", "usage.recorded", "session.reauthenticated"]) {
    expect(eventTopic({ ...about("user.updated", "users", ANNA), type })).toBeUndefined();
  }
});

test("addresses are for those who read the audit", () => {
  expect(showsAddress(caller("session", "audit.read"))).toBe(true);
  expect(showsAddress(caller("session", "users.read", "system.manage"))).toBe(false);
});
