import { describe, expect, it } from "vitest";
import { footerHints, helpRows, keyLabel, keymap, matches } from "../../tui/keymap.ts";
import { namedKey, textKey } from "../../tui/terminal/input-events.ts";

describe("the keymap", () => {
  it.each([
    [textKey("j"), "j"],
    [textKey(" "), "Space"],
    [textKey("l", { ctrl: true }), "Ctrl-L"],
    [textKey("f", { alt: true }), "Alt-f"],
    [namedKey("pageDown"), "PgDn"],
    [namedKey("tab", { shift: true }), "Shift-Tab"],
    [namedKey("left", { ctrl: true }), "Ctrl-Left"],
    [namedKey("f2"), "F2"],
    [{ kind: "paste", text: "j" } as const, undefined],
  ])("writes %o as %s", (event, label) => {
    expect(keyLabel(event)).toBe(label);
  });

  it("tells small letters from capitals and bare keys from held ones", () => {
    expect(matches(textKey("R"), "rotate")).toBe(true);
    expect(matches(textKey("r"), "rotate")).toBe(false);
    expect(matches(textKey("R", { alt: true }), "rotate")).toBe(false);
  });

  it("puts nothing on the keys of screen and tmux", () => {
    const keys = Object.values(keymap).flatMap((binding) => [...binding.keys] as string[]);
    expect(keys).not.toContain("Ctrl-A");
    expect(keys).not.toContain("Ctrl-B");
  });

  it("gives no key two meanings in one place", () => {
    const uses = Object.values(keymap).flatMap(({ keys, where }) => keys.map((key) => `${key} in ${where}`));
    expect(uses.filter((use, at) => uses.indexOf(use) !== at)).toEqual([]);
  });

  it("is where footer and help come from", () => {
    expect(footerHints(["filter"])).toEqual([{ key: "/", help: "filter" }]);
    expect(helpRows()).toHaveLength(Object.keys(keymap).length);
  });
});
