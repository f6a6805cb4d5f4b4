import fc from "fast-check";
import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { Screen } from "../../../tui/terminal/screen.ts";
import { createEmulator } from "./xterm.ts";

const COLUMNS = 30;
const ROWS = 10;

const styles = [
  "",
  "\x1b[7m",
  "\x1b[1m",
  "\x1b[2m",
  "\x1b[36m",
  "\x1b[1m\x1b[31m",
  "\x1b[4m\x1b[32m",
  "\x1b[38;5;208m",
  "\x1b[41m",
];
const texts = [
  "a",
  "user",
  "  ",
  "     ",
  "ö",
  "e\u0301",
  "漢字",
  "名",
  "😀",
  "👩‍👩‍👧",
  "🇩🇪",
  "❤️",
  "│",
  "한",
  "ｶﾞ",
  "क्षि",
  "x\u0301\u0302y",
  "…",
];

const span = fc.record({ style: fc.constantFrom(...styles), text: fc.constantFrom(...texts) });
const line = fc.array(span, { maxLength: 12 }).map((spans) => {
  let room = COLUMNS;
  const fitting = spans.filter(({ text }) => {
    room -= stringWidth(text);
    return room >= 0;
  });
  return fitting.map(({ style, text }) => (style === "" ? text : `${style}${text}\x1b[0m`)).join("");
});
const lines = fc.array(line, { minLength: ROWS, maxLength: ROWS });

/** The next frame: another one, the same scrolled within some rows, or with one line changed. */
const step = fc.oneof(
  lines.map((next) => () => next),
  fc
    .tuple(fc.nat(ROWS - 1), fc.nat(ROWS - 1), fc.integer({ min: -3, max: 3 }), lines)
    .map(([a, b, by, fresh]) => (now: string[]) => {
      const top = Math.min(a, b);
      const bottom = Math.max(a, b);
      return now.map((row, at) =>
        at < top || at > bottom
          ? row
          : ((at + by >= top && at + by <= bottom ? now[at + by] : fresh[at]) ?? ""),
      );
    }),
  fc.tuple(fc.nat(ROWS - 1), line).map(
    ([at, fresh]) =>
      (now: string[]) =>
        now.with(at, fresh),
  ),
);

describe("the differ between Ink and the terminal", () => {
  it("shows every cell that plain Ink would show, whatever frame follows whatever frame", async () => {
    await fc.assert(
      fc.asyncProperty(lines, fc.array(step, { minLength: 1, maxLength: 8 }), async (first, steps) => {
        const screen = new Screen({ columns: COLUMNS, rows: ROWS });
        const differ = createEmulator(COLUMNS, ROWS);
        const plain = createEmulator(COLUMNS, ROWS);
        await differ.write("\x1b[?7l");
        await plain.write("\x1b[?7l");
        let now = first;
        for (const next of [(frame: string[]) => frame, ...steps]) {
          now = next(now);
          await differ.write(screen.draw(now.join("\n")));
          await plain.write(`\x1b[m\x1b[H\x1b[2J${now.join("\r\n")}`);
          expect(differ.cells()).toEqual(plain.cells());
        }
      }),
      { numRuns: 150 },
    );
  });
});
