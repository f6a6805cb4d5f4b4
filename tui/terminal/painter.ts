import type { DOMElement } from "ink";
import { cellsOf } from "./cell-width.ts";

type DOMNode = DOMElement["childNodes"][number];

/** A part of the frame; `right` and `bottom` lie outside it. */
interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A text without and with Ink's colours. */
interface Words {
  readonly plain: string;
  readonly styled: string;
}

/** Yoga's `DISPLAY_NONE`. */
const HIDDEN = 1;
const CONTROL = /[\x00-\x09\x0b-\x1f\x7f-\x9f]/;

/**
 * The frame of a tree that is laid out, as Ink 6.8 makes it in `render-node-to-output.js` and `output.js`: those
 * tokenise every cell of every frame, which was most of a key's time. Undefined where a tree holds what is not done
 * here, such as a text to be wrapped; that is for Ink to draw.
 */
export function paint(root: DOMElement): string | undefined {
  const area = areaOf(root, 0, 0);
  const painter = new Painter(area.bottom);
  painter.paint(root, 0, 0, area);
  return painter.frame;
}

class Painter {
  /** Each is only added to, at its end. */
  readonly #lines: { text: string; cells: number }[];
  #isComplete = true;

  constructor(height: number) {
    this.#lines = Array.from({ length: height }, () => ({ text: "", cells: 0 }));
  }

  get frame(): string | undefined {
    return this.#isComplete ? this.#lines.map(({ text }) => text.trimEnd()).join("\n") : undefined;
  }

  /** Draws a node whose parent begins at `left` and `top`, and of it what lies in `seen`. */
  paint(node: DOMElement, left: number, top: number, seen: Area): void {
    if ((node.yogaNode?.getDisplay() as number) === HIDDEN) return;
    const area = areaOf(node, left, top);
    if (node.nodeName === "ink-text") this.#paintText(node, area, seen);
    else if (node.style.borderStyle) this.#paintBordered(node, area, seen);
    else this.#paintContent(node, area, area, seen);
  }

  #paintBordered(node: DOMElement, area: Area, seen: Area): void {
    const { borderStyle, borderColor, borderDimColor } = node.style;
    if (borderStyle !== "round" || borderColor || borderDimColor) this.#isComplete = false;
    const { left, top, right, bottom } = area;
    const inner = { left: left + 1, top: top + 1, right: right - 1, bottom: bottom - 1 };
    const edge = "─".repeat(Math.max(0, inner.right - inner.left));
    this.#putPlain(`╭${edge}╮`, left, top, seen);
    for (let row = inner.top; row < inner.bottom; row++) this.#putPlain("│", left, row, seen);
    this.#paintContent(node, area, inner, seen);
    for (let row = inner.top; row < inner.bottom; row++) this.#putPlain("│", inner.right, row, seen);
    this.#putPlain(`╰${edge}╯`, left, inner.bottom, seen);
  }

  /** As in Ink: where a box hides what leaves it, nothing that its parents hide is hidden. */
  #paintContent(node: DOMElement, { left, top }: Area, inner: Area, seen: Area): void {
    const { overflowX, overflowY, backgroundColor } = node.style;
    if (overflowX !== overflowY || backgroundColor || node.internal_static) this.#isComplete = false;
    for (const child of node.childNodes) {
      if (child.nodeName !== "#text") this.paint(child, left, top, overflowX === "hidden" ? inner : seen);
    }
  }

  #paintText(node: DOMElement, { left, top, right }: Area, seen: Area): void {
    const { plain, styled } = wordsOf(node);
    if (CONTROL.test(plain)) this.#isComplete = false;
    // Ink wraps or cuts a text that is wider than its place.
    const room = { ...seen, right: Math.min(right, seen.right) };
    const plainLines = plain.split("\n");
    for (const [index, line] of styled.split("\n").entries()) {
      const words = { plain: plainLines[index] ?? "", styled: coloured(node, line, index) };
      this.#put(words, left, top + index, room);
    }
  }

  #putPlain(text: string, column: number, row: number, seen: Area): void {
    this.#put({ plain: text, styled: text }, column, row, seen);
  }

  #put({ plain, styled }: Words, column: number, row: number, seen: Area): void {
    const line = this.#lines[row];
    if (plain === "" || !line || row < seen.top || row >= seen.bottom) return;
    const end = column + cellsOf(plain);
    if (column < Math.max(line.cells, seen.left) || end > seen.right) this.#isComplete = false;
    line.text += " ".repeat(Math.max(0, column - line.cells)) + styled;
    line.cells = end;
  }
}

function areaOf({ yogaNode }: DOMElement, left: number, top: number): Area {
  if (!yogaNode) throw new Error("only what Ink has laid out can be painted");
  const own = yogaNode.getComputedLayout();
  const [x, y] = [left + own.left, top + own.top];
  return { left: x, top: y, right: x + own.width, bottom: y + own.height };
}

/** A text with those inside it, which Ink colours one by one. */
function wordsOf(node: DOMNode): Words {
  if (node.nodeName === "#text") return { plain: node.nodeValue, styled: node.nodeValue };
  const parts = node.childNodes.map((child, index) => {
    const { plain, styled } = wordsOf(child);
    return { plain, styled: coloured(child, styled, index) };
  });
  return {
    plain: parts.map(({ plain }) => plain).join(""),
    styled: parts.map(({ styled }) => styled).join(""),
  };
}

function coloured(node: DOMNode, text: string, index: number): string {
  if (text === "" || node.nodeName === "#text" || !node.internal_transform) return text;
  return node.internal_transform(text, index);
}
