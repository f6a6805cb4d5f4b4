import { fileURLToPath } from "node:url";
import { type IPty, spawn } from "@lydell/node-pty";
import xterm from "@xterm/headless";
import { type BindingId, keymap } from "../../tui/keymap.ts";

export const program = fileURLToPath(new URL("../../dist/tui/main.js", import.meta.url));

/** How long a flow waits for the screen before it fails and shows what is there. */
const PATIENCE_MS = 15_000;

/** What the keys of the keymap send in an xterm; a key that is not here sends itself. */
const bytesOfKey: Record<string, string> = {
  Enter: "\r",
  Esc: "\u001B",
  Tab: "\t",
  "Shift-Tab": "\u001B[Z",
  Space: " ",
  Up: "\u001B[A",
  Down: "\u001B[B",
  Right: "\u001B[C",
  Left: "\u001B[D",
  PgUp: "\u001B[5~",
  PgDn: "\u001B[6~",
  F2: "\u001BOQ",
  Home: "\u001B[H",
  End: "\u001B[F",
  Del: "\u001B[3~",
  Backspace: "\u007F",
  "Ctrl-Up": "\u001B[1;5A",
  "Ctrl-Down": "\u001B[1;5B",
  "Ctrl-Right": "\u001B[1;5C",
  "Ctrl-Left": "\u001B[1;5D",
  "Alt-Right": "\u001B[1;3C",
  "Alt-Left": "\u001B[1;3D",
  "Alt-Backspace": "\u001B\u007F",
};

function bytesOf(key: string): string {
  const control = /^Ctrl-([A-Z])$/.exec(key)?.[1];
  if (control) return String.fromCharCode(control.charCodeAt(0) & 0x1f);
  const alt = /^Alt-([a-z])$/.exec(key)?.[1];
  return bytesOfKey[key] ?? (alt ? `\u001B${alt}` : key);
}

export interface TerminalOptions {
  args: string[];
  /** Another program than `roster`. */
  command?: string;
  cwd?: string;
  env?: Record<string, string>;
  columns?: number;
  rows?: number;
}

/** A program, `roster` unless another is named, in a real pseudo-terminal, read as a person reads it: through a terminal emulator. */
export class Terminal {
  readonly #pty: IPty;
  readonly #screen: xterm.Terminal;
  readonly #watchers = new Set<() => void>();
  #ended = false;
  /** All bytes that the program wrote, for what must never be among them. */
  written = "";
  /** The number of the signal that ended it; 0: none did. */
  endedBy = 0;
  /** Resolves with the exit status, once the screen shows all that was written. */
  readonly exited: Promise<number>;

  constructor({ args, command, cwd, env = {}, columns = 80, rows = 24 }: TerminalOptions) {
    const { CI: _ci, NO_COLOR: _no, FORCE_COLOR: _force, NODE_ENV: _node, ...inherited } = process.env;
    this.#screen = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 1000 });
    const all = command ? args : [program, ...args];
    this.#pty = spawn(command ?? process.execPath, all, {
      name: env.TERM ?? "xterm-256color",
      cols: columns,
      rows,
      ...(cwd && { cwd }),
      env: { ...inherited, TERM: "xterm-256color", ...env } as Record<string, string>,
    });
    this.#pty.onData((data) => {
      this.written += data;
      this.#screen.write(data, () => this.#look());
    });
    this.#screen.onData((reply) => this.#pty.write(reply));
    this.exited = new Promise((resolve) => {
      this.#pty.onExit(({ exitCode, signal = 0 }) => {
        this.#ended = true;
        this.endedBy = signal;
        this.#screen.write("", () => {
          this.#look();
          resolve(exitCode);
        });
      });
    });
  }

  /** The emulator itself, for pictures. */
  get emulator(): xterm.Terminal {
    return this.#screen;
  }

  /** The visible screen, a line a row, without trailing blanks. */
  text(): string {
    const buffer = this.#screen.buffer.active;
    const rows = Array.from({ length: this.#screen.rows }, (_, row) =>
      (buffer.getLine(buffer.viewportY + row)?.translateToString(true) ?? "").trimEnd(),
    );
    return rows.join("\n").trimEnd();
  }

  /** The lines above the screen, which stay in the terminal after the program has ended. */
  scrollback(): string {
    const buffer = this.#screen.buffer.normal;
    return Array.from({ length: buffer.length }, (_, row) =>
      (buffer.getLine(row)?.translateToString(true) ?? "").trimEnd(),
    ).join("\n");
  }

  /** Presses the first key of each of these bindings. */
  press(...bindings: BindingId[]): void {
    for (const binding of bindings) {
      const [key] = keymap[binding].keys;
      this.pressKey(key);
    }
  }

  /** Presses a key as the keymap names it. */
  pressKey(key: string): void {
    this.#pty.write(bytesOf(key));
  }

  type(text: string): void {
    this.#pty.write(text);
  }

  /** Types into the fields of a form, one after another, beginning with the focused one. */
  fill(...texts: string[]): void {
    this.type(texts.join(bytesOfKey.Tab));
  }

  /** Empties the focused field. */
  clear(): void {
    this.#pty.write("\u0015");
  }

  resize(columns: number, rows: number): void {
    this.#screen.resize(columns, rows);
    this.#pty.resize(columns, rows);
  }

  /** Waits until the screen shows it; fails with the screen that was there instead. */
  async shows(expected: string | RegExp): Promise<void> {
    await this.#until(() => matches(this.text(), expected), `the screen to show ${expected}`);
  }

  /** Waits until the screen no longer shows it. */
  async hides(unexpected: string | RegExp): Promise<void> {
    await this.#until(() => !matches(this.text(), unexpected), `the screen to hide ${unexpected}`);
  }

  /** Waits until the program has written these bytes. */
  async writes(bytes: string): Promise<void> {
    await this.#until(() => this.written.includes(bytes), `the bytes ${JSON.stringify(bytes)}`);
  }

  /** Waits until the program has ended. */
  async ends(): Promise<void> {
    await this.#until(() => this.#ended, "the program to end");
  }

  /** Loses the line, as a dropped SSH connection does. */
  drop(): void {
    (this.#pty as IPty & { destroy(): void }).destroy();
  }

  kill(signal: NodeJS.Signals = "SIGTERM"): void {
    this.#pty.kill(signal);
  }

  /** Ends the program if it still runs. */
  async end(): Promise<void> {
    if (!this.#ended) this.kill("SIGKILL");
    await this.exited;
  }

  /** Nobody sees a frame of which only a part has come yet. */
  #look(): void {
    if (this.#screen.modes.synchronizedOutputMode) return;
    for (const watcher of this.#watchers) watcher();
  }

  #until(condition: () => boolean, what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (error?: Error) => {
        clearTimeout(deadline);
        this.#watchers.delete(watcher);
        if (error) reject(error);
        else resolve();
      };
      const watcher = () => condition() && settle();
      const deadline = setTimeout(
        () => settle(new Error(`Waited for ${what}. The screen was:\n${this.text()}`)),
        PATIENCE_MS,
      );
      this.#watchers.add(watcher);
      watcher();
    });
  }
}

function matches(text: string, expected: string | RegExp): boolean {
  return typeof expected === "string" ? text.includes(expected) : expected.test(text);
}
