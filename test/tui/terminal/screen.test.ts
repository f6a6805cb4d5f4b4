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
      { numRuns: 40 },
    );
  });
});

/** A screen of 4 rows and the terminal it is drawn on. */
async function drawnOn(columns: number, frames: readonly string[]) {
  const screen = new Screen({ columns, rows: 4 });
  const emulator = createEmulator(columns, 4);
  const bytes: string[] = [];
  for (const frame of frames) {
    bytes.push(screen.draw(frame));
    await emulator.write(bytes.at(-1) ?? "");
  }
  return { screen, emulator, bytes };
}

const drawn = (...frames: string[]) => drawnOn(10, frames);

describe("a frame", () => {
  it("that is the same again costs nothing", async () => {
    const { bytes } = await drawn("one\ntwo", "one\ntwo");
    expect(bytes[1]).toBe("");
  });

  it("that differs by a letter costs the way there and the letter", async () => {
    const { bytes } = await drawn("user 1\nuser 2", "user 1\nuser 3");
    expect(bytes[1]).toBe("\b3");
  });

  it("knows where the cursor stays after the last column", async () => {
    const { emulator } = await drawn("abcdefghij", "abcdefghiX", "abcdefgYiX");
    expect(emulator.lines()[0]).toBe("abcdefgYiX");
  });

  it("that replaces wide characters by narrow ones, or shifts them, leaves no half behind", async () => {
    const { emulator } = await drawn("漢字漢字", "a漢字漢字", "漢b漢cd", "漢字漢字");
    expect(emulator.lines()[0]).toBe("漢字漢字");
  });

  it("that moved up by a line scrolls the block, and nothing around it", async () => {
    const [a, b, c, d] = ["abcdef", "ghijkl", "mnopqr", "stuvwx"].map((letters) => letters.repeat(5));
    const { bytes, emulator } = await drawnOn(30, [`title\n${a}\n${b}\n${c}`, `title\n${b}\n${c}\n${d}`]);
    expect(bytes[1]).toBe(`\x1b[2;4r\x1b[2H\x1b[M\x1b[r\x1b[4H${d}`);
    expect(emulator.lines()).toEqual(["title", b, c, d]);
  });

  it("wider or taller than the screen is cut, a wide character at the edge whole", async () => {
    const { emulator } = await drawn("123456789漢\n2\n3\n4\n5");
    expect(emulator.lines()).toEqual(["123456789", "2", "3", "4"]);
  });

  it("carries nothing but text and colours to the terminal, whatever drew it", async () => {
    const { bytes, emulator } = await drawn("a\x1b]0;owned\x07b\x1b[2J\x1b[c\u009b5nc\x07");
    expect(bytes[0]).not.toMatch(/\x1b\]|\x07|\x1b\[c|\u009b|.\x1b\[2J.*\x1b\[2J/);
    expect(emulator.lines()[0]).toBe("a]0;ownedb");
  });

  it("is drawn whole on Ctrl-L, over whatever another program left", async () => {
    const { screen, emulator } = await drawn("one\ntwo");
    await emulator.write("\x1b[2;1H\x1b[7mgarbage\x1b[4H");
    await emulator.write(screen.redraw());
    expect(emulator.lines()).toEqual(["one", "two", "", ""]);
  });

  it("places the cursor anew after a character whose width terminals disagree about", async () => {
    const { bytes } = await drawn("", "❤️ab");
    expect(bytes[1]).toBe("❤️\x1b[3Gab");
  });

  it("draws the neighbour of such a character again, which it may have covered", async () => {
    const { bytes } = await drawn("x bc", "❤️bc");
    expect(bytes[1]).toBe("\r❤️\x1b[3Gb");
  });
});
