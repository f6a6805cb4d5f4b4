import { expect, test } from "vitest";
import type { Change } from "../../../../daemon/store/json/collections.ts";
import {
  decodeLine,
  encodeLine,
  firstHash,
  lineText,
  looksWhole,
} from "../../../../daemon/store/json/line.ts";
import type { Entry } from "../../../../protocol/index.ts";
import { actor, user } from "./fixtures.ts";

const start = firstHash("epoch");

function entry(seq: number, data: Record<string, unknown> = {}): Entry {
  const at = "2026-01-01T00:00:00.000Z";
  return { seq, at, type: "user.updated", actor, subject: null, outcome: "ok", count: 1, data };
}

function encode(previous: Buffer, durable: number, entries: Entry[], changes: Change[]) {
  const pieces: Buffer[] = [];
  const hash = encodeLine(previous, durable, lineText(entries, changes), pieces);
  const bytes = Buffer.concat(pieces);
  return { hash, bytes, content: bytes.subarray(0, -1) };
}

test("a line is one JSON object with its hash, and reads back as it was written", () => {
  const changes: Change[] = [
    ["put", "users", user("a", { fullName: 'Zoë "quoted", 井' })],
    ["delete", "keys", "k"],
  ];
  const { hash, bytes, content } = encode(start, 3, [entry(4, { name: "é\u2028" }), entry(5)], changes);
  expect(bytes.at(-1)).toBe(10);
  expect(JSON.parse(bytes.toString())).toMatchObject({ public: { durable: 3 }, hash: hash.toString("hex") });
  const read = decodeLine(start, content);
  expect(read.line).toEqual({ durable: 3, entries: [entry(4, { name: "é\u2028" }), entry(5)], changes });
  expect(read.hash).toEqual(hash);
});

test("each line's hash depends on the line before", () => {
  const first = encode(start, 0, [entry(1)], []);
  const second = encode(first.hash, 1, [entry(2)], []);
  expect(decodeLine(first.hash, second.content).hash).toEqual(second.hash);
  expect(() => decodeLine(start, second.content)).toThrow("its hash does not match");
});

test("the changes can be replaced by their hash without breaking the chain: it covers only their hash", () => {
  const one = encode(start, 0, [entry(1)], [["delete", "keys", "a"]]);
  const other = encode(start, 0, [entry(1)], [["delete", "keys", "b"]]);
  expect(one.hash).not.toEqual(other.hash);
});

test("a public part that would hide where the changes begin is not written", () => {
  expect(() => lineText([entry(1, { a: 1, changes: [] })], [])).toThrow("changes");
  const quoted = encode(start, 0, [entry(1, { text: ',"changes":' })], []);
  expect(decodeLine(start, quoted.content).line.entries[0]?.data).toEqual({ text: ',"changes":' });
});

test("no part of a line looks like a whole one", () => {
  const { content } = encode(start, 0, [entry(1)], [["put", "users", user("a")]]);
  expect(looksWhole(content)).toBe(true);
  for (let length = 0; length < content.length; length++) {
    expect(looksWhole(content.subarray(0, length))).toBe(false);
    expect(looksWhole(content.subarray(length + 1))).toBe(false);
  }
});
