import type { List } from "./lists.ts";
import type { TerminalProcess, TerminalSize } from "./terminal-process.ts";

const ENTER = "\r";
const ESCAPE = "\u001B";
const EMPTY = "\u0015";
/** Header, filter, titles, notice, footer, and a blank line. */
const CHROME_ROWS = 6;

/** Milliseconds from a key to the last byte that it led to, what the daemon answers included. */
export interface ListTimes {
  open: number[];
  key: number[];
  jump: number[];
  filter: number[];
}

function noTimes(): ListTimes {
  return { open: [], key: [], jump: [], filter: [] };
}

/** Somebody who uses one list again and again, and each time as long as it takes until it is answered. */
export class ListUser {
  #times = noTimes();
  readonly #terminal: TerminalProcess;
  readonly #size: TerminalSize;
  readonly #list: List;

  constructor(terminal: TerminalProcess, size: TerminalSize, list: List) {
    this.#terminal = terminal;
    this.#size = size;
    this.#list = list;
  }

  /** What was measured since they were taken last. */
  takeTimes(): ListTimes {
    const times = this.#times;
    this.#times = noTimes();
    return times;
  }

  /** From wherever one is. */
  async open(): Promise<void> {
    const { before, open, opened } = this.#list;
    for (const [keys, shows] of before) await this.#terminal.shows(shows, keys);
    await this.#press(open, this.#times.open, opened);
  }

  /** To the last row and back. */
  async jump(): Promise<void> {
    const { last } = this.#list;
    if (last === null) return;
    await this.#press("G", this.#times.jump, last);
    await this.#press("g", this.#times.jump);
  }

  async move(): Promise<void> {
    for (const key of this.#list.keys) await this.#press(key, this.#times.key);
  }

  /** Types one of its filters letter by letter, and takes it away at once. */
  async filter(turn: number): Promise<void> {
    const { filterKey, filters } = this.#list;
    const text = filters[turn % filters.length];
    if (text === undefined) return;
    if (filterKey !== null) await this.#terminal.shows(/^Filter: /m, filterKey);
    for (const key of [...text, EMPTY]) await this.#press(key, this.#times.filter);
    // Enter, since the decoder waits after an Esc whether more follows.
    if (filterKey !== null) await this.#terminal.press(ENTER);
  }

  /** Closes what lies over the screen. */
  async leave(): Promise<void> {
    await this.#terminal.press(ESCAPE);
  }

  /** A key that changes nothing has no last byte, and no time. */
  async #press(key: string, times: number[], shows?: RegExp): Promise<void> {
    const { bytes, milliseconds } = await this.#terminal.press(
      key,
      (screen) => isAnswered(screen, this.#size) && (shows === undefined || shows.test(screen)),
    );
    if (bytes > 0) times.push(milliseconds);
  }
}

/**
 * Whether the screen waits for no answer. While it does, a list's count is `…` or the selected row is not there yet;
 * the audit looks through older entries while it has less than two screenfuls.
 */
export function isAnswered(screen: string, { rows }: TerminalSize): boolean {
  if (/^Go to|^Help/.test(screen)) return true;
  const [, , count = ""] = screen.split("\n");
  // A thousand and more has a comma, and is enough on any screen.
  const shown = / (\d{1,3}) shown, older/.exec(count)?.[1];
  if (count.endsWith("…") || Number(shown) <= 2 * (rows - CHROME_ROWS)) return false;
  return /^› |^ {2}Nothing matches\./m.test(screen);
}
