import { expect, test } from "vitest";
import { ByteBuffer } from "../../../../daemon/store/json/byte-buffer.ts";

test("texts of any length stand one after the other, and each is told by itself", () => {
  const buffer = new ByteBuffer();
  const texts = ["a", "", "Zoë 井 😀", "x".repeat(100_000), "井".repeat(1_000_000), "end"];
  expect(texts.map((text) => buffer.add(text).toString())).toEqual(texts);
  expect(buffer.bytes.equals(Buffer.from(texts.join("")))).toBe(true);
});

test("what is put together after others has nothing of them in it", () => {
  const buffer = new ByteBuffer();
  for (const text of ["x".repeat(5_000_000), "short"]) {
    buffer.clear();
    buffer.add(text);
    expect(buffer.bytes.toString()).toBe(text);
  }
});
