import { expect, test } from "vitest";
import { PairBitmaps } from "../../../../daemon/store/json/pair-bitmaps.ts";

function visited(bitmaps: PairBitmaps, text: string): number[] {
  const slots: number[] = [];
  bitmaps.visit(text, (slot) => slots.push(slot));
  return slots;
}

test("of thousands of texts hardly more are visited than contain what is sought", () => {
  const bitmaps = new PairBitmaps();
  for (let slot = 0; slot < 5000; slot += 1) bitmaps.add(slot, `user.${slot} of the example`);
  expect(visited(bitmaps, "r.43")).toEqual(expect.arrayContaining([43, 430, 439, 4300, 4399]));
  expect(visited(bitmaps, "r.43").length).toBeLessThan(500);
  expect(visited(bitmaps, "zebra")).toEqual([]);
});

test("a slot that was cleared is visited for its new text only", () => {
  const bitmaps = new PairBitmaps();
  bitmaps.add(1500, "ada");
  bitmaps.clear(1500);
  bitmaps.add(1500, "grace");
  expect(visited(bitmaps, "ada")).toEqual([]);
  expect(visited(bitmaps, "d")).toEqual([]);
  expect(visited(bitmaps, "grace")).toEqual([1500]);
});

test("one ASCII character is visited where it stands, and nowhere else", () => {
  const bitmaps = new PairBitmaps();
  const texts = Array.from({ length: 5000 }, (_, slot) => String.fromCharCode(slot % 200, slot, 7 * slot));
  for (const [slot, text] of texts.entries()) bitmaps.add(slot, text);
  for (let code = 0; code < 256; code += 1) {
    const character = String.fromCharCode(code);
    const slots = [...texts.keys()].filter((slot) => texts[slot]?.includes(character));
    if (bitmaps.isExact(character)) expect(visited(bitmaps, character)).toEqual(slots);
    else expect(visited(bitmaps, character)).toEqual(expect.arrayContaining(slots));
    expect(bitmaps.isExact(character)).toBe(code < 128);
  }
  expect(bitmaps.isExact("ab")).toBe(false);
});
