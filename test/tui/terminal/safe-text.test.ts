import fc from "fast-check";
import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { cut, fitWidth, safeText, width } from "../../../tui/terminal/safe-text.ts";

/** What an attacker may put into a name, and what an operator must see instead. */
const HOSTILE: readonly [what: string, text: string, shown: string][] = [
  ["a colour", "\x1b[31mroot", "␛[31mroot"],
  ["clearing the screen", "\x1b[2J\x1b[H", "␛[2J␛[H"],
  ["a window title", "\x1b]0;owned\x07", "␛]0;owned␇"],
  ["writing the clipboard", "\x1b]52;c;cm0=\x07", "␛]52;c;cm0=␇"],
  ["a hyperlink", "\x1b]8;;http://x\x1b\\a", "␛]8;;http://x␛\\a"],
  ["a device control string", "\x1bP$q\x1b\\", "␛P$q␛\\"],
  ["asking the terminal to answer", "\x1b[c\x1b[6n", "␛[c␛[6n"],
  ["resetting the terminal", "\x1bc", "␛c"],
  ["an 8-bit CSI", "\u009b31m", "·31m"],
  ["an 8-bit OSC", "\u009d0;x\u009c", "·0;x·"],
  ["next line", "a\u0085b", "a·b"],
  ["a new line", "ada\nroot", "ada␊root"],
  ["a carriage return", "ada\rroot", "ada␍root"],
  ["backspaces", "root\b\b\b\bada", "root␈␈␈␈ada"],
  ["a tab", "a\tb", "a␉b"],
  ["NUL", "a\0b", "a␀b"],
  ["shift out", "\x0e", "␎"],
  ["DEL", "a\x7f", "a␡"],
  ["right-to-left override", "a\u202eb", "a·b"],
  ["isolates", "\u2066a\u2069", "·a·"],
  ["direction marks", "\u200ea\u200f\u061c", "·a··"],
  ["zero-width space", "ro\u200bot", "ro·ot"],
  ["zero-width joiner between letters", "ro\u200dot", "ro·ot"],
  ["word joiner and BOM", "\ufeffa\u2060", "·a·"],
  ["soft hyphen", "ad\u00ada", "ad·a"],
  ["line and paragraph separators", "a\u2028b\u2029", "a·b·"],
  ["a lone surrogate", "a\ud800b", "a\ufffdb"],
  ["hidden tag characters", "a\u{e0041}\u{e0042}", "a··"],
  ["variation selectors after a letter", "a\ufe00\u{e0101}", "a··"],
  ["Hangul filler", "\u3164", "·"],
  ["interlinear annotation", "\ufff9a\ufffb", "·a·"],
  ["a mark without a letter", "\u0301a", "◌\u0301a"],
];

describe("text from outside", () => {
  it.each(HOSTILE)("shows %s", (_what, text, shown) => {
    expect(safeText(text)).toBe(shown);
    expect(safeText(shown)).toBe(shown);
  });

  it("keeps ordinary names and emoji as they are", () => {
    for (const text of [
      "Ada Lovelace",
      "Jürgen Groß",
      "Nguyễn Văn Ánh",
      "王小明",
      "Ольга",
      "👩‍👩‍👧 ok",
      "👍🏽",
      "🇩🇪",
      "❤️",
      "1️⃣",
    ]) {
      expect(safeText(text)).toBe(text);
    }
  });

  it("caps a flood of combining marks", () => {
    expect(safeText(`z${"\u0316".repeat(500)}`)).toHaveLength(5);
  });

  it("composes what can be composed, so that it takes its cells", () => {
    expect(safeText("e\u0301")).toBe("é");
  });

  it("never lets a control through and never changes what is safe", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const safe = safeText(text);
        expect(safe).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b\u2028\u2029]/);
        expect(safeText(safe)).toBe(safe);
      }),
    );
  });
});

describe("cutting to cells", () => {
  it.each([
    ["abc", 5, "abc  "],
    ["abcdef", 5, "abcd…"],
    ["漢字漢字", 5, "漢字…"],
    ["漢字漢字", 4, "漢… "],
    ["👩‍👩‍👧👩‍👩‍👧", 3, "👩‍👩‍👧…"],
    ["a\x1bb", 3, "a␛b"],
    ["abc", 0, ""],
    ["abc", 1, "…"],
  ])("%j in %i cells is %j", (text, cells, shown) => {
    expect(fitWidth(text, cells)).toBe(shown);
  });

  it("pads at the left when asked", () => {
    expect(fitWidth("7", 3, "right")).toBe("  7");
  });

  it("fills exactly the cells it is given, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 1, max: 20 }), (text, cells) => {
        expect(stringWidth(fitWidth(text, cells))).toBe(cells);
        expect(width(cut(text, cells))).toBeLessThanOrEqual(cells);
      }),
    );
  });

  it("looks at no more of an endless text than it needs", () => {
    expect(cut("a".repeat(1_000_000), 4)).toBe("aaa…");
  });
});
