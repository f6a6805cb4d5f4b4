import { expect, test } from "vitest";
import {
  actorText,
  entryLines,
  outcomeTone,
  subjectText,
  userOf as userIn,
} from "../../../tui/screens/entry-lines.ts";
import { entryOf, keyOf, userOf } from "./open-app.tsx";

const texts = (...args: Parameters<typeof entryLines>) => entryLines(...args).map(({ text }) => text);

test("what changed stands beside what was before", () => {
  const before = { ...userOf(1), fullName: "Grace", roles: [] };
  const user = { ...userOf(1), fullName: "Grace Hopper", roles: ["admin", "viewer"] };
  const entry = entryOf(7, { type: "user.updated", data: { user, changed: ["fullName", "roles"] } });
  expect(texts(entry, before)).toEqual(
    expect.arrayContaining([
      "- fullName: Grace",
      "+ fullName: Grace Hopper",
      "- roles: none",
      "+ roles: admin, viewer",
    ]),
  );
});

test("without a list of changed fields the two objects are compared, but for what changes by itself", () => {
  const before = { ...userOf(1), revision: 1 };
  const user = { ...userOf(1), active: false, revision: 2, updatedAt: "2026-11-24T00:00:00.000Z" };
  const changed = texts(entryOf(7, { data: { user } }), before).filter((text) => /^[-+~] /.test(text));
  expect(changed).toEqual(["- active: true", "+ active: false"]);
});

test("a rotation is told of the key that was rotated, not as a change of one key into another", () => {
  const previous = keyOf(1, { status: "retiring", rotatedTo: keyOf(2).id });
  const entry = entryOf(7, {
    type: "key.rotated",
    subject: { kind: "key", id: previous.id, name: previous.name },
    data: { key: keyOf(2), previous },
  });
  const changed = texts(entry, { ...keyOf(1) }).filter((text) => /^[-+~] /.test(text));
  expect(changed).toEqual([
    "- status: active",
    "+ status: retiring",
    "- rotatedTo: null",
    `+ rotatedTo: ${keyOf(2).id}`,
  ]);
});

test("where nothing is known of before, the new values are shown and the data whole", () => {
  const entry = entryOf(7, { data: { user: userOf(1), changed: ["fullName"] } });
  const lines = texts(entry, null);
  expect(lines).toContain("+ fullName: Person 1");
  expect(lines.filter((text) => text.startsWith("- "))).toEqual([]);
  expect(lines).toContain('    "username": "user-1",');
});

test("of settings the paths are shown, for their values are not kept", () => {
  const subject = { kind: "settings", id: userOf(1).id, name: "user-1" } as const;
  const entry = entryOf(7, { type: "settings.saved", subject, data: { changed: ["/studio/dark"] } });
  expect(texts(entry, null)).toContain("~ /studio/dark");
});

test("gathered attempts say how many, and what was refused stands out", () => {
  const entry = entryOf(7, { type: "call.denied", outcome: "denied", count: 12, subject: null });
  expect(texts(entry, null)).toContain("Outcome   denied, 12 times");
  expect(outcomeTone(entry)).toBe("danger");
});

test("an actor is told with how it came and from where", () => {
  const actor = { kind: "key", id: "k", name: "mia/backup", address: "192.0.2.7" } as const;
  expect(actorText(actor)).toBe("the key mia/backup from 192.0.2.7");
  expect(actorText({ kind: "local", id: null, name: "mia@desk", address: null })).toBe(
    "mia@desk (over the socket)",
  );
  expect(actorText({ kind: "system", id: null, name: null, address: null })).toBe("system");
});

test("the user is known of whom an entry is, or whose key it is about", () => {
  expect(userIn(entryOf(1))).toEqual({ id: userOf(1).id, username: "user-1" });
  const subject = { kind: "key", id: keyOf(3).id, name: "key-3" } as const;
  expect(userIn(entryOf(2, { subject, data: { key: keyOf(3) } }))).toEqual({
    id: userOf(1).id,
    username: "user-1",
  });
  expect(userIn(entryOf(3, { subject }))).toBeNull();
  expect(userIn(entryOf(4, { subject: null }))).toBeNull();
});

test("a key is told with its owner, as far as the entry knows it", () => {
  const key = keyOf(1);
  const subject = { kind: "key", id: key.id, name: key.name } as const;
  expect(subjectText(entryOf(7, { subject, data: { key } }))).toBe("user-1/key-1");
  expect(subjectText(entryOf(7, { subject }))).toBe("key-1");
  expect(subjectText(entryOf(7))).toBe("user-1");
  expect(subjectText(entryOf(7, { subject: null }))).toBe("-");
});
