import type { ReadStream, WriteStream } from "node:tty";
import type { Size, TerminalControl } from "./context.tsx";
import { createInputDecoder } from "./input-decoder.ts";
import type { InputEvent } from "./input-events.ts";
import type { KeySource } from "./keys.tsx";
import { Screen } from "./screen.ts";

/** The terminal while the TUI has it. */
export interface Terminal extends TerminalControl, KeySource {
  /** Shows a full frame of Ink. */
  draw(frame: string): void;
  /** False while the line is still busy with what was written before. */
  readonly ready: boolean;
  /** Calls back once, when `ready` is true again. */
  onReady(listener: () => void): void;
  /** Gives the terminal back as it was. Safe to call twice, and after the line dropped. */
  close(): void;
}

export interface TerminalStreams {
  readonly stdin: ReadStream;
  readonly stdout: WriteStream;
}

/** Alternate screen, bracketed paste, cursor hidden, no automatic wrap. */
const ENTER = "\x1b[?1049h\x1b[?2004h\x1b[?25l\x1b[?7l\x1b[m\x1b[H\x1b[2J";
const LEAVE = "\x1b[m\x1b[r\x1b[2J\x1b[?7h\x1b[?25h\x1b[?2004l\x1b[?1049l";
/** Synchronized output: terminals that know it show what is between the two at once, and others ignore them. */
const BEGIN_FRAME = "\x1b[?2026h";
const END_FRAME = "\x1b[?2026l";
/** Node aborts with a core dump when it resets a terminal that is gone; a signal ends the process before that. */
const LINE_LOST: NodeJS.Signals = "SIGHUP";
const ENDING: readonly NodeJS.Signals[] = ["SIGTERM", "SIGHUP", "SIGINT"];

/** Takes the terminal over until `close`, whatever ends the process: exit, error, signal or a dropped line. */
export function openTerminal(streams: TerminalStreams): Terminal {
  const terminal = new OpenTerminal(streams);
  terminal.open();
  return terminal;
}

class OpenTerminal implements Terminal {
  readonly #stdin: ReadStream;
  readonly #stdout: WriteStream;
  readonly #screen: Screen;
  readonly #decoder = createInputDecoder({ onEvent: (event) => this.#deliver(event) });
  readonly #keyListeners = new Set<(event: InputEvent) => void>();
  readonly #resizeListeners = new Set<(size: Size) => void>();
  #size: Size;
  #holding = false;
  /** An editor has the terminal. */
  #lent = false;
  #closed = false;
  #ready = true;

  constructor({ stdin, stdout }: TerminalStreams) {
    this.#stdin = stdin;
    this.#stdout = stdout;
    this.#size = sizeOf(stdout);
    this.#screen = new Screen(this.#size);
  }

  get size(): Size {
    return this.#size;
  }

  get ready(): boolean {
    return this.#ready;
  }

  open(): void {
    this.#stdin.on("data", this.#onData).on("error", this.#onLost).on("end", this.#onLost);
    this.#stdout.on("error", this.#onLost).on("resize", this.#onResize).on("drain", this.#onDrain);
    process.on("exit", this.#onExit).on("uncaughtExceptionMonitor", this.#onExit);
    process.on("SIGCONT", this.#onContinue);
    for (const signal of ENDING) process.on(signal, this.#onEnding);
    this.#hold();
  }

  close(): void {
    if (this.#closed) return;
    this.#release();
    this.#detach();
  }

  draw(frame: string): void {
    this.#writeFrame(this.#screen.draw(frame));
  }

  redraw(): void {
    this.#writeFrame(this.#screen.redraw());
  }

  copy(text: string): void {
    if (this.#holding) this.#write(`\x1b]52;c;${Buffer.from(text).toString("base64")}\x07`);
  }

  /** The whole process group stops, as a shell's own Ctrl-Z does it, so that `npm start` stops too. */
  suspend(): void {
    this.#release();
    process.kill(0, "SIGTSTP");
    // A group without a shell is not stopped at all; then this is the way back.
    setImmediate(() => {
      if (!this.#holding) this.#onContinue();
    });
  }

  async lend<T>(work: () => Promise<T>): Promise<T> {
    this.#release();
    this.#lent = true;
    try {
      return await work();
    } finally {
      this.#lent = false;
      this.#onContinue();
    }
  }

  subscribe(listener: (event: InputEvent) => void): () => void {
    this.#keyListeners.add(listener);
    return () => this.#keyListeners.delete(listener);
  }

  onResize(listener: (size: Size) => void): () => void {
    this.#resizeListeners.add(listener);
    return () => this.#resizeListeners.delete(listener);
  }

  onReady(listener: () => void): void {
    this.#stdout.once("drain", listener);
  }

  #hold(): void {
    if (this.#holding || this.#closed) return;
    this.#holding = true;
    this.#stdin.setRawMode(true);
    this.#stdin.resume();
    this.#write(ENTER);
  }

  #release(): void {
    if (!this.#holding) return;
    this.#holding = false;
    this.#write(LEAVE);
    this.#stdin.pause();
    this.#stdin.setRawMode(false);
  }

  #detach(): void {
    this.#closed = true;
    this.#decoder.close();
    this.#stdin.off("data", this.#onData).off("end", this.#onLost);
    this.#stdout.off("resize", this.#onResize).off("drain", this.#onDrain);
    process.off("exit", this.#onExit).off("uncaughtExceptionMonitor", this.#onExit);
    process.off("SIGCONT", this.#onContinue);
    for (const signal of ENDING) process.off(signal, this.#onEnding);
  }

  #writeFrame(bytes: string): void {
    if (this.#holding && bytes !== "") this.#write(`${BEGIN_FRAME}${bytes}${END_FRAME}`);
  }

  #write(bytes: string): void {
    if (bytes !== "") this.#ready = this.#stdout.write(bytes);
  }

  #deliver(event: InputEvent): void {
    for (const listener of this.#keyListeners) listener(event);
  }

  readonly #onData = (bytes: Buffer): void => this.#decoder.push(bytes);

  readonly #onDrain = (): void => {
    this.#ready = true;
  };

  readonly #onResize = (): void => {
    this.#size = sizeOf(this.#stdout);
    this.#screen.resize(this.#size);
    for (const listener of this.#resizeListeners) listener(this.#size);
  };

  readonly #onContinue = (): void => {
    if (this.#closed || this.#lent) return;
    this.#hold();
    this.#onResize();
    this.redraw();
    // Whoever was behind the shell when the window changed was not told; this has Node ask for the size anew.
    process.kill(process.pid, "SIGWINCH");
  };

  readonly #onExit = (): void => this.close();

  readonly #onEnding = (signal: NodeJS.Signals): void => {
    // Ctrl-C is for whoever has the terminal, and reaches us too.
    if (this.#lent && signal === "SIGINT") return;
    this.close();
    process.kill(process.pid, signal);
  };

  readonly #onLost = (): void => {
    if (this.#closed) return;
    this.#holding = false;
    this.#detach();
    process.kill(process.pid, LINE_LOST);
  };
}

/** Some lines (serial, containers) report no size at all. */
function sizeOf({ columns, rows }: WriteStream): Size {
  return { columns: columns || 80, rows: rows || 24 };
}
