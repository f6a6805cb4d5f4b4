import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { cellsOf, isPlain, NARROW } from "../../../tui/terminal/cell-width.ts";
import { graphemes, safeText } from "../../../tui/terminal/safe-text.ts";

const every = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code)).filter(isPlain);

describe("what is plain", () => {
  // Beside a character that is not plain nothing is taken for granted.
  const text = `${every.join("")}👩‍🔬`;

  it("is harmless, and each character stands alone", () => {
    expect(safeText(text) === text).toBe(true);
    expect([...graphemes(text)].length).toBe(every.length + 1);
  });

  it("takes the cells that the long way counts", () => {
    expect(every.filter((character) => NARROW.test(character) && stringWidth(character) !== 1)).toEqual([]);
    expect(cellsOf(every.join(""))).toBe(stringWidth(every.join("")));
  });

  it("is most text of most of the world", () => {
    for (const name of ["Jürgen Groß", "Ольга", "Ελένη", "王小明", "さとう", "김민준", "— … ›"]) {
      expect(isPlain(name)).toBe(true);
    }
  });
});
