import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { ByteBuffer } from "../../../../daemon/store/json/byte-buffer.ts";
import type { Change } from "../../../../daemon/store/json/collections.ts";
import {
  decodeLine,
  encodeLine,
  entriesOf,
  firstHash,
  lineText,
  looksWhole,
  sealLine,
} from "../../../../daemon/store/json/line.ts";
import type { Entry } from "../../../../protocol/index.ts";
import { actor, user } from "./fixtures.ts";

const start = firstHash("epoch");

function entry(seq: number, data: Record<string, unknown> = {}): Entry {
  const at = "2026-01-01T00:00:00.000Z";
  return { seq, at, type: "user.updated", actor, subject: null, outcome: "ok", count: 1, data };
}

function encode(previous: Buffer, durable: number, entries: Entry[], changes: Change[]) {
  const lines = new ByteBuffer();
  const hash = encodeLine(previous, durable, lineText(entries, changes), lines);
  const { bytes } = lines;
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

test("a sealed line holds the hash of its changes for them, the rest byte for byte, and the chain goes on over it", () => {
  const secret: Change = ["put", "users", user("a", { passwordHash: "c2NyeXB0" })];
  const first = encode(start, 0, [entry(1, { name: "é\u2028" }), entry(2)], [secret]);
  const second = encode(first.hash, 2, [entry(3)], []);
  const { pieces, hash } = sealLine(start, first.content);
  const sealed = Buffer.concat(pieces);

  const text = first.bytes.toString();
  const changes = JSON.stringify([secret]);
  const changesHash = createHash("sha256").update(changes).digest("hex");
  expect(sealed.toString()).toBe(text.replace(`"changes":${changes}`, `"changesHash":"${changesHash}"`));
  expect(hash).toEqual(first.hash);
  expect(looksWhole(sealed.subarray(0, -1))).toBe(true);
  expect(entriesOf(sealed)).toEqual([entry(1, { name: "é\u2028" }), entry(2)]);
  const read = decodeLine(start, sealed.subarray(0, -1));
  expect(read.line).toEqual({
    durable: 0,
    entries: [entry(1, { name: "é\u2028" }), entry(2)],
    changes: null,
  });
  expect(decodeLine(read.hash, second.content).hash).toEqual(second.hash);
  expect(Buffer.concat(sealLine(start, sealed.subarray(0, -1)).pieces)).toEqual(sealed);
});

test("any flipped bit of a sealed line is found", () => {
  const { content } = encode(start, 0, [entry(1)], [["delete", "keys", "a"]]);
  const sealed = Buffer.concat(sealLine(start, content).pieces).subarray(0, -1);
  for (const [at, byte] of sealed.entries()) {
    for (let bit = 0; bit < 8; bit += 1) {
      const flipped = Buffer.from(sealed);
      flipped[at] = byte ^ (1 << bit);
      expect(() => decodeLine(start, flipped)).toThrow();
      expect(() => sealLine(start, flipped)).toThrow();
    }
  }
});

test("a damaged line is not sealed", () => {
  const { content } = encode(start, 0, [entry(1)], [["delete", "keys", "a"]]);
  const changed = Buffer.from(content.toString().replace('"keys","a"', '"keys","b"'));
  expect(() => sealLine(start, changed)).toThrow("its hash does not match");
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
