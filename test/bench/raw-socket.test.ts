import { expect, test } from "vitest";
import { createFrameCounter } from "./raw-socket.ts";

test("counts the text frames of a stream however it is cut, and not the pings between", () => {
  const stream = Buffer.concat([
    frame(0x1, 5),
    frame(0x9, 3),
    frame(0x1, 700),
    frame(0x1, 0),
    frame(0x1, 70_000),
  ]);
  for (const size of [1, 2, 3, 7, 64, 701, stream.length]) {
    const count = createFrameCounter();
    let frames = 0;
    for (let at = 0; at < stream.length; at += size) frames += count(stream.subarray(at, at + size));
    expect(frames, `in pieces of ${size}`).toBe(4);
  }
});

test("does not count a frame before its last byte", () => {
  const count = createFrameCounter();
  const whole = frame(0x1, 300);
  expect(count(whole.subarray(0, -1))).toBe(0);
  expect(count(whole.subarray(-1))).toBe(1);
});

test("says so when the server closes", () => {
  expect(() => createFrameCounter()(frame(0x8, 2))).toThrow("closed");
});

/** An unmasked server frame with a payload of `length` bytes that look like frame headers. */
function frame(opcode: number, length: number): Buffer {
  const payload = Buffer.alloc(length, 0x81);
  const header = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  header[0] = 0x80 | opcode;
  header[1] = length < 126 ? length : length < 65_536 ? 126 : 127;
  if (header.length === 4) header.writeUInt16BE(length, 2);
  if (header.length === 10) header.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([header, payload]);
}
