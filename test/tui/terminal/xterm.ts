import xterm from "@xterm/headless";
import stringWidth from "string-width";

/** A terminal emulator that counts the width of characters as we do. */
export interface Emulator {
  write(bytes: string): Promise<void>;
  /** Every cell, a line each row: characters, width, colours and attributes. */
  cells(): string[];
  /** The visible lines without trailing blanks. */
  lines(): string[];
  readonly cursorHidden: boolean;
  readonly alternate: boolean;
  readonly wraps: boolean;
  readonly bracketedPaste: boolean;
  readonly scrollback: string[];
}

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

export function createEmulator(columns: number, rows: number): Emulator {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 1000 });
  terminal.unicode.register(widthsOfStringWidth());
  terminal.unicode.activeVersion = "string-width";
  const cell = terminal.buffer.active.getNullCell();
  let cursorHidden = false;
  terminal.parser.registerCsiHandler({ prefix: "?", final: "l" }, (params) => {
    if (params[0] === 25) cursorHidden = true;
    return false;
  });
  terminal.parser.registerCsiHandler({ prefix: "?", final: "h" }, (params) => {
    if (params[0] === 25) cursorHidden = false;
    return false;
  });

  return {
    write: (bytes) => new Promise((resolve) => terminal.write(bytes, resolve)),
    cells: () =>
      Array.from({ length: rows }, (_, y) => {
        const line = terminal.buffer.active.getLine(terminal.buffer.active.viewportY + y);
        return Array.from({ length: columns }, (_, x) => lookOf(line?.getCell(x, cell))).join(" ");
      }),
    lines: () =>
      Array.from({ length: rows }, (_, y) =>
        (
          terminal.buffer.active.getLine(terminal.buffer.active.viewportY + y)?.translateToString(true) ?? ""
        ).trimEnd(),
      ),
    get cursorHidden() {
      return cursorHidden;
    },
    get alternate() {
      return terminal.buffer.active.type === "alternate";
    },
    get wraps() {
      return terminal.modes.wraparoundMode;
    },
    get bracketedPaste() {
      return terminal.modes.bracketedPasteMode;
    },
    get scrollback() {
      const normal = terminal.buffer.normal;
      return Array.from(
        { length: normal.length },
        (_, y) => normal.getLine(y)?.translateToString(true) ?? "",
      );
    },
  };
}

function lookOf(cell: xterm.IBufferCell | undefined): string {
  if (!cell) return "none";
  if (isBlank(cell)) return " ";
  const attributes = [cell.isBold(), cell.isDim(), cell.isItalic(), cell.isUnderline(), cell.isInverse()];
  const colours = [cell.getFgColorMode(), cell.getFgColor(), cell.getBgColorMode(), cell.getBgColor()];
  return `${cell.getChars() || " "}/${cell.getWidth()}/${colours}/${attributes.map((on) => (on ? 1 : 0)).join("")}`;
}

/** A space of which no style is seen. */
function isBlank(cell: xterm.IBufferCell): boolean {
  const drawn = cell.isUnderline() || cell.isInverse() || cell.isStrikethrough() || !cell.isBgDefault();
  return cell.getChars().trim() === "" && cell.getWidth() === 1 && !drawn;
}

/** Joins code points into graphemes; the join state that xterm carries along is the number of the grapheme so far. */
function widthsOfStringWidth() {
  const clusters = [""];
  return {
    version: "string-width",
    wcwidth: (codePoint: number) => Math.min(2, stringWidth(String.fromCodePoint(codePoint))) as 0 | 1 | 2,
    charProperties(codePoint: number, preceding: number): number {
      const character = String.fromCodePoint(codePoint);
      const joined = (clusters[preceding >> 3] ?? "") + character;
      const joins = joined !== character && [...segmenter.segment(joined)].length === 1;
      const cluster = joins ? joined : character;
      clusters.push(cluster);
      return ((clusters.length - 1) << 3) | (Math.min(2, stringWidth(cluster)) << 1) | (joins ? 1 : 0);
    },
  };
}
