import fc from "fast-check";
import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { cut, fitWidth, safeText, width } from "../../../tui/terminal/safe-text.ts";
import { HOSTILE } from "./hostile-text.ts";

describe("text from outside", () => {
  it.each(HOSTILE)("shows %s", (_what, text, shown) => {
    expect(safeText(text)).toBe(shown);
    expect(safeText(shown)).toBe(shown);
  });

  it("is tried with at least 25 hostile ones", () => {
    expect(HOSTILE.length).toBeGreaterThanOrEqual(25);
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
    expect(safeText(`z${"\u0316".repeat(5000)}`)).toHaveLength(5);
  });

  it("composes what can be composed, so that it takes its cells", () => {
    expect(safeText("e\u0301")).toBe("é");
  });

  it("gives a mark without a character one to stand on, once", () => {
    expect(safeText("\u1083")).toBe("◌\u1083");
    expect(safeText("◌\u1083")).toBe("◌\u1083");
    expect(safeText("◌\u0301")).toBe("◌\u0301");
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
