import type { IBufferCell, Terminal } from "@xterm/headless";

const CELL = { width: 8.4, height: 18 };
const PADDING = 12;
const BACKGROUND = "#1d1f21";
const FOREGROUND = "#d8dbde";
/** The sixteen colours of a terminal, as a dark one shows them. */
const PALETTE = [
  "#1d1f21",
  "#e06c75",
  "#98c379",
  "#e5c07b",
  "#61afef",
  "#c678dd",
  "#56b6c2",
  "#d8dbde",
  "#7f848e",
  "#ff7b86",
  "#b5e890",
  "#ffd68a",
  "#82c7ff",
  "#e29bff",
  "#76e0ee",
  "#ffffff",
];

interface Run {
  column: number;
  text: string;
  style: string;
  background: string | null;
  cells: number;
}

/** What the terminal shows now as an SVG picture: text stays text, one `<text>` a run of cells that look alike. */
export function svgOf(terminal: Terminal, title: string): string {
  const width = Math.ceil(terminal.cols * CELL.width + 2 * PADDING);
  const height = terminal.rows * CELL.height + 2 * PADDING;
  const rows = Array.from({ length: terminal.rows }, (_, row) => rowOf(terminal, row));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`,
    ` font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="14">\n<title>${escaped(title)}</title>`,
    `\n<rect width="100%" height="100%" rx="8" fill="${BACKGROUND}"/>\n`,
    ...rows,
    "</svg>\n",
  ].join("");
}

function rowOf(terminal: Terminal, row: number): string {
  const y = PADDING + row * CELL.height;
  return runsOf(terminal, row)
    .map(({ column, text, style, background, cells }) => {
      const x = (PADDING + column * CELL.width).toFixed(1);
      const width = (cells * CELL.width).toFixed(1);
      const box = background
        ? `<rect x="${x}" y="${y}" width="${width}" height="${CELL.height}" fill="${background}"/>`
        : "";
      const glyphs = text.trim()
        ? `<text x="${x}" y="${y + 13}" textLength="${width}" xml:space="preserve" ${style}>${escaped(text)}</text>`
        : "";
      return box + glyphs;
    })
    .filter((shape) => shape !== "")
    .map((shape) => `${shape}\n`)
    .join("");
}

function runsOf(terminal: Terminal, row: number): Run[] {
  const buffer = terminal.buffer.active;
  const line = buffer.getLine(buffer.viewportY + row);
  const runs: Run[] = [];
  for (let column = 0; column < terminal.cols; column += 1) {
    const cell = line?.getCell(column);
    if (!cell || cell.getWidth() === 0) continue;
    const { style, background } = looks(cell);
    const text = cell.getChars() || " ";
    const last = runs.at(-1);
    // How a blank is coloured is not seen, and the terminal UI may leave it as it was.
    const isBlank = text === " " && background === null;
    if (last && last.background === background && (isBlank || last.style === style)) {
      last.text += text;
      last.cells += cell.getWidth();
    } else if (!isBlank) {
      runs.push({ column, text, style, background, cells: cell.getWidth() });
    }
  }
  return runs.map(withoutBlankEnd);
}

function withoutBlankEnd(run: Run): Run {
  if (run.background !== null) return run;
  const text = run.text.trimEnd();
  return { ...run, text, cells: run.cells - (run.text.length - text.length) };
}

function looks(cell: IBufferCell): { style: string; background: string | null } {
  const front = cell.isFgDefault() ? FOREGROUND : (PALETTE[cell.getFgColor()] ?? FOREGROUND);
  const back = cell.isBgDefault() ? null : (PALETTE[cell.getBgColor()] ?? null);
  const [fill, background] = cell.isInverse() ? [back ?? BACKGROUND, front] : [front, back];
  const bold = cell.isBold() ? ' font-weight="bold"' : "";
  const dim = cell.isDim() ? ' opacity="0.6"' : "";
  return { style: `fill="${fill}"${bold}${dim}`, background };
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
