import { expect, test } from "vitest";
import { PairBitmaps } from "../../../../daemon/store/json/pair-bitmaps.ts";

const SLOTS = 5000;

function marked(bitmaps: PairBitmaps, text: string): number[] {
  const marks = new Uint8Array(SLOTS);
  bitmaps.mark(text, marks);
  return [...marks.keys()].filter((slot) => marks[slot] === 1);
}

test("of thousands of texts hardly more are marked than contain what is sought", () => {
  const bitmaps = new PairBitmaps();
  for (let slot = 0; slot < SLOTS; slot += 1) bitmaps.add(slot, `user.${slot} of the example`);
  expect(marked(bitmaps, "r.43")).toEqual(expect.arrayContaining([43, 430, 439, 4300, 4399]));
  expect(marked(bitmaps, "r.43").length).toBeLessThan(500);
  expect(marked(bitmaps, "zebra")).toEqual([]);
});

test("a slot that was cleared is marked for its new text only", () => {
  const bitmaps = new PairBitmaps();
  bitmaps.add(1500, "ada");
  bitmaps.clear(1500);
  bitmaps.add(1500, "grace");
  expect(marked(bitmaps, "ada")).toEqual([]);
  expect(marked(bitmaps, "d")).toEqual([]);
  expect(marked(bitmaps, "grace")).toEqual([1500]);
});

test("one ASCII character is marked where it stands, and nowhere else", () => {
  const bitmaps = new PairBitmaps();
  const texts = Array.from({ length: SLOTS }, (_, slot) => String.fromCharCode(slot % 200, slot, 7 * slot));
  for (const [slot, text] of texts.entries()) bitmaps.add(slot, text);
  for (let code = 0; code < 256; code += 1) {
    const character = String.fromCharCode(code);
    const slots = [...texts.keys()].filter((slot) => texts[slot]?.includes(character));
    if (bitmaps.isExact(character)) expect(marked(bitmaps, character)).toEqual(slots);
    else expect(marked(bitmaps, character)).toEqual(expect.arrayContaining(slots));
    expect(bitmaps.isExact(character)).toBe(code < 128);
  }
  expect(bitmaps.isExact("ab")).toBe(false);
});
