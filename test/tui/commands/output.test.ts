import { expect, test } from "vitest";
import { escapeUnseen } from "../../../tui/commands/output.ts";

const hostile = [
  "\u009B31mred",
  "\u007F",
  "\u202Egnp.exe",
  "\u200B\u200D\uFEFF",
  "\u2028\u2029",
  "\u{E0041}tag",
  "\u001B]52;c;x\u0007",
];

// The attack: a full name that, printed on an operator's terminal, moves the cursor or turns the line around.
test.each(hostile)("a terminal obeys nothing of %j, and a program reads the same value", (text) => {
  const line = escapeUnseen(JSON.stringify({ text }));
  expect(line).toMatch(/^[\x20-\x7E]*$/);
  expect(JSON.parse(line)).toEqual({ text });
});

test("what people write stays readable", () => {
  const line = JSON.stringify({ text: 'É 木 مرحبا "quoted" \\ 👍' });
  expect(escapeUnseen(line)).toBe(line);
});
