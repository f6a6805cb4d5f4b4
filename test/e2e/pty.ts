import { fileURLToPath } from "node:url";
import { type IPty, spawn } from "@lydell/node-pty";
import xterm from "@xterm/headless";

const program = fileURLToPath(new URL("../../dist/tui/main.js", import.meta.url));

/** How long a flow waits for the screen before it fails and shows what is there. */
const PATIENCE_MS = 15_000;

/** What each named key sends in an xterm, in the keymap's spelling. */
const bytesOfKey: Record<string, string> = {
  enter: "\r",
  escape: "\u001B",
  tab: "\t",
  "shift-tab": "\u001B[Z",
  space: " ",
  backspace: "\u007F",
  up: "\u001B[A",
  down: "\u001B[B",
  right: "\u001B[C",
  left: "\u001B[D",
  home: "\u001B[H",
  end: "\u001B[F",
  pageup: "\u001B[5~",
  pagedown: "\u001B[6~",
  "ctrl-c": "\u0003",
  "ctrl-l": "\u000C",
  "ctrl-s": "\u0013",
  "ctrl-u": "\u0015",
  "ctrl-z": "\u001A",
};

export interface TerminalOptions {
  args: string[];
  env?: Record<string, string>;
  columns?: number;
  rows?: number;
}

/** `roster` in a real pseudo-terminal, read as a person reads it: through a terminal emulator. */
export class Terminal {
  readonly #pty: IPty;
  readonly #screen: xterm.Terminal;
  readonly #watchers = new Set<() => void>();
  /** All bytes that the program wrote, for what must never be among them. */
  written = "";
  /** Resolves with the exit status. */
  readonly exited: Promise<number>;

  constructor({ args, env = {}, columns = 80, rows = 24 }: TerminalOptions) {
    const { CI: _ci, NO_COLOR: _no, FORCE_COLOR: _force, NODE_ENV: _node, ...inherited } = process.env;
    this.#screen = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 1000 });
    this.#pty = spawn(process.execPath, [program, ...args], {
      name: env.TERM ?? "xterm-256color",
      cols: columns,
      rows,
      env: { ...inherited, TERM: "xterm-256color", ...env } as Record<string, string>,
    });
    this.#pty.onData((data) => {
      this.written += data;
      this.#screen.write(data, () => this.#look());
    });
    this.#screen.onData((reply) => this.#pty.write(reply));
    this.exited = new Promise((resolve) => {
      this.#pty.onExit(({ exitCode }) => {
        this.#screen.write("", () => this.#look());
        resolve(exitCode);
      });
    });
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

  /** Presses keys by their names in the keymap; a single character stands for itself. */
  press(...keys: string[]): void {
    for (const key of keys) this.#pty.write(bytesOfKey[key] ?? key);
  }

  /** Types text as a person does. */
  type(text: string): void {
    this.#pty.write(text);
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

  kill(signal: NodeJS.Signals = "SIGTERM"): void {
    this.#pty.kill(signal);
  }

  #look(): void {
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
