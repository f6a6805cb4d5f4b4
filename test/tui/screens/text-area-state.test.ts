import { expect, test } from "vitest";
import { editArea, type TextAreaState, textAreaOf } from "../../../tui/screens/text-area-state.ts";
import { type InputEvent, namedKey, textKey } from "../../../tui/terminal/input-events.ts";

function after(text: string, ...events: InputEvent[]): TextAreaState {
  return events.reduce((state, event) => editArea(state, event, 10) ?? state, textAreaOf(text));
}

const textOf = ({ lines }: TextAreaState) => lines.join("\n");

test("Enter splits a line and Backspace at its start joins it again", () => {
  const split = after("ab", namedKey("right"), namedKey("enter"));
  expect(split).toEqual({ lines: ["a", "b"], row: 1, column: 0 });
  expect(editArea(split, namedKey("backspace"), 10)).toEqual({ lines: ["ab"], row: 0, column: 1 });
});

test("Delete at the end of a line joins the next one", () => {
  expect(textOf(after("a\nb", namedKey("end"), namedKey("delete")))).toBe("ab");
});

test("a paste of several lines goes in at the cursor", () => {
  const pasted = after("{}", namedKey("right"), { kind: "paste", text: '\n"a": 1\n' });
  expect(textOf(pasted)).toBe('{\n"a": 1\n}');
  expect(pasted).toMatchObject({ row: 2, column: 0 });
});

test("the cursor never leaves the text", () => {
  expect(after("long line\nx", namedKey("end"), namedKey("down"))).toMatchObject({ row: 1, column: 1 });
  expect(after("a\nb", namedKey("pageDown"), namedKey("down"))).toMatchObject({ row: 1 });
  expect(after("a\nb", namedKey("up"), namedKey("backspace"))).toEqual(textAreaOf("a\nb"));
});

test("an emoji is one character", () => {
  expect(textOf(after("", textKey("👩‍🚀"), namedKey("backspace")))).toBe("");
});

test("Esc is left to the screen", () => {
  expect(editArea(textAreaOf("a"), namedKey("escape"), 10)).toBeUndefined();
});
