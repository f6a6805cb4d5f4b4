import { spawn } from "@lydell/node-pty";
import xterm from "@xterm/headless";
import { cpuOf } from "./machine.ts";

/** A frame may follow another by 36 ms. */
const QUIET_MS = 50;
/** What answers no key within this answers none at all. */
const SILENT_MS = 400;
/** An answer of the daemon that takes longer will not come. */
const ANSWERED_WITHIN_MS = 30_000;
/** Pieces that come closer together than this are one write. */
const APART_MS = 1;

/** What pressing keys led to. */
export interface Pressed {
  bytes: number;
  /** From the keys to the last byte that they led to. */
  milliseconds: number;
}

/** What a terminal was sent in a while. */
export interface Watched {
  bytes: number;
  frames: number;
}

/** A program in a pseudo-terminal. */
export interface TerminalProcess {
  /** CPU time so far in milliseconds, all threads; null where it cannot be read. */
  cpu(): number | null;
  /** Resolves once the screen shows it with the milliseconds from the start, or from the keys typed now. */
  shows(expected: RegExp, keys?: string): Promise<number>;
  /**
   * Types, and waits until nothing comes any more and `atRest` holds of the screen: it says that no answer is to come,
   * so that a slow one is waited for and counted. Rejects when that never holds.
   */
  press(keys: string, atRest?: (screen: string) => boolean): Promise<Pressed>;
  /** Counts what is written within so many milliseconds. */
  watch(milliseconds: number): Promise<Watched>;
  end(): Promise<void>;
}

export interface TerminalSize {
  columns: number;
  rows: number;
}

/** Starts a compiled script in a terminal of this size; it has the environment of a person who logged in. */
export function startTerminal(
  program: string,
  args: readonly string[],
  { columns, rows }: TerminalSize,
): TerminalProcess {
  const started = performance.now();
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, TERM: "xterm-256color", NODE_ENV: "production" };
  const pty = spawn(process.execPath, [program, ...args], { name: env.TERM, cols: columns, rows, env });
  const screen = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  const listeners = new Set<(data: string) => void>();
  const lookers = new Set<() => void>();
  pty.onData((data) => {
    for (const listener of listeners) listener(data);
    screen.write(data, () => {
      for (const look of lookers) look();
    });
  });
  const ended = new Promise<void>((resolve) => pty.onExit(() => resolve()));

  return {
    cpu() {
      const used = cpuOf(pty.pid);
      return used === null ? null : used / 1000;
    },
    shows(expected, keys = "") {
      const since = keys === "" ? started : performance.now();
      pty.write(keys);
      return new Promise((resolve, reject) => {
        const look = () => {
          if (!expected.test(textOf(screen))) return;
          lookers.delete(look);
          resolve(performance.now() - since);
        };
        lookers.add(look);
        look();
        void ended.then(() => reject(new Error(`${program} ended:\n${textOf(screen)}`)));
      });
    },
    press(keys, atRest = () => true) {
      const since = performance.now();
      const pressed: Pressed = { bytes: 0, milliseconds: 0 };
      pty.write(keys);
      return new Promise((resolve, reject) => {
        const settle = () => {
          if (atRest(textOf(screen))) finish(() => resolve(pressed));
        };
        const fail = (why: string) =>
          finish(() => reject(new Error(`${JSON.stringify(keys)}: ${why}:\n${textOf(screen)}`)));
        const listener = (data: string) => {
          pressed.bytes += Buffer.byteLength(data);
          pressed.milliseconds = performance.now() - since;
          clearTimeout(quiet);
          quiet = setTimeout(settle, QUIET_MS);
        };
        let quiet = setTimeout(settle, SILENT_MS);
        const late = setTimeout(fail, ANSWERED_WITHIN_MS, "there was no answer");
        const finish = (then: () => void) => {
          clearTimeout(quiet);
          clearTimeout(late);
          listeners.delete(listener);
          then();
        };
        listeners.add(listener);
        void ended.then(() => fail(`${program} ended`));
      });
    },
    watch(milliseconds) {
      const watched: Watched = { bytes: 0, frames: 0 };
      let last = 0;
      const listener = (data: string) => {
        watched.bytes += Buffer.byteLength(data);
        if (performance.now() - last > APART_MS) watched.frames += 1;
        last = performance.now();
      };
      listeners.add(listener);
      return new Promise((resolve) => {
        setTimeout(() => {
          listeners.delete(listener);
          resolve(watched);
        }, milliseconds);
      });
    },
    async end() {
      pty.kill("SIGKILL");
      await ended;
    },
  };
}

function textOf(screen: xterm.Terminal): string {
  const { active } = screen.buffer;
  return Array.from({ length: screen.rows }, (_, row) =>
    active.getLine(active.viewportY + row)?.translateToString(true),
  ).join("\n");
}
