import { useState } from "react";
import { describe, expect, it } from "vitest";
import { editText, fieldWindow, type TextState } from "../../../tui/components/text-editing.ts";
import { TextField } from "../../../tui/components/text-field.tsx";
import { type InputEvent, namedKey, textKey } from "../../../tui/terminal/input-events.ts";
import { show } from "./harness.tsx";

function Name({ masked = false, width = 20 }: { masked?: boolean; width?: number }) {
  const [value, setValue] = useState("");
  return (
    <TextField value={value} onChange={setValue} focused width={width} masked={masked} placeholder="name" />
  );
}

/** A line with the cursor written as `|`. */
function line(text: string): TextState {
  const cursor = text.indexOf("|");
  return { value: text.replace("|", ""), cursor };
}

function written({ value, cursor }: TextState): string {
  return `${value.slice(0, cursor)}|${value.slice(cursor)}`;
}

const ctrl = (letter: string) => textKey(letter, { ctrl: true });
const alt = (letter: string) => textKey(letter, { alt: true });

describe("editing a line", () => {
  it.each<[string, InputEvent, string]>([
    ["ad|", textKey("a"), "ada|"],
    ["a|b", namedKey("left"), "|ab"],
    ["a|b", namedKey("right"), "ab|"],
    ["a|b", namedKey("home"), "|ab"],
    ["a|b", namedKey("end"), "ab|"],
    ["a|b", namedKey("backspace"), "|b"],
    ["a|b", namedKey("delete"), "a|"],
    ["👩‍👩‍👧|", namedKey("backspace"), "|"],
    ["|👩‍👩‍👧b", namedKey("delete"), "|b"],
    ["x👍🏽|", namedKey("left"), "x|👍🏽"],
    ["one two|", namedKey("left", { ctrl: true }), "one |two"],
    ["|one two", namedKey("right", { ctrl: true }), "one| two"],
    ["one two|", alt("b"), "one |two"],
    ["|one two", alt("f"), "one| two"],
    ["one two|", ctrl("w"), "one |"],
    ["one two, |", ctrl("w"), "one |"],
    ["one| two", alt("d"), "one|"],
    ["one| two", ctrl("u"), "| two"],
    ["one| two", ctrl("k"), "one|"],
    ["e|", textKey("\u0301"), "e\u0301|"],
    ["a|", { kind: "paste", text: "one\ntwo\n" }, "aone two|"],
  ])("%s after a key", (before, event, after) => {
    const edited = editText(line(before), event);
    expect(edited && written(edited)).toBe(after);
  });

  it.each([
    namedKey("enter"),
    namedKey("tab"),
    namedKey("escape"),
    namedKey("up"),
    ctrl("c"),
    ctrl("l"),
    ctrl("z"),
  ])("leaves %o to others", (event) => {
    expect(editText(line("ada|"), event)).toBeUndefined();
  });

  it("brings a cursor inside an emoji back to its edge", () => {
    expect(editText({ value: "👩‍👩‍👧", cursor: 3 }, namedKey("backspace"))).toEqual({ value: "", cursor: 0 });
  });
});

describe("a text field", () => {
  it("shows what is typed, letter by letter", () => {
    const field = show(<Name />);
    field.type("Ada Lövelace");
    field.press("home");
    field.type("1");
    expect(field.frame()).toContain("1Ada Lövelace");
  });

  it("shows its placeholder while empty", () => {
    expect(show(<Name />).frame()).toContain("name");
  });

  it("shows no letter of a secret", () => {
    const field = show(<Name masked />);
    field.type("hunter");
    field.paste("2");
    expect(field.lines()[0]).toBe("•••••••");
  });

  it("scrolls sideways so that the cursor stays in sight, wide characters too", () => {
    const field = show(<Name width={8} />);
    field.type("abcdefghij漢字");
    expect(field.lines()[0]).toBe("hij漢字");
    field.press("home");
    expect(field.lines()[0]).toMatch(/^abcdef/);
  });

  it("shows a control that slipped in as a mark, in as many cells as it has", () => {
    const { before, at, after } = fieldWindow(
      { value: "a\x1b[31mb", cursor: 7 },
      { width: 12, masked: false, placeholder: "" },
    );
    expect(before + at + after).toBe("a␛[31mb     ");
  });
});
