import type { Size } from "./context.tsx";

/** What the terminal shows, and the bytes that make it show something else. */
export interface Screen {
  /** The bytes that bring the terminal from what it shows to `frame`, a full frame of Ink. */
  draw(frame: string): string;
  /** The bytes that draw the last frame anew, every cell of it. */
  redraw(): string;
  resize(size: Size): void;
}

export function createScreen(_size: Size): Screen {
  let last = "";
  return {
    draw(frame) {
      last = frame;
      return `\x1b[H\x1b[2J${frame.replaceAll("\n", "\r\n")}`;
    },
    redraw() {
      return this.draw(last);
    },
    resize() {},
  };
}
