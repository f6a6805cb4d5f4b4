import { setImmediate as turnsEnd } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, test, vi } from "vitest";

vi.hoisted(() => {
  process.env.FORCE_COLOR = "1";
});

import { mountApp } from "../../../tui/terminal/mount.tsx";
import { createFakeTty } from "./fake-tty.ts";
import { stranger, UsersDemo } from "./users-demo.tsx";
import { createEmulator } from "./xterm.ts";

const PAGE_DOWN = "\x1b[6~";

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ["setTimeout", "clearTimeout", "performance"],
  });
});
afterEach(() => {
  vi.useRealTimers();
});

/** The users screen on a terminal, and the bytes that each key costs. */
async function openUsers(columns: number, rows: number, users = <UsersDemo />) {
  const tty = createFakeTty(columns, rows);
  const emulator = createEmulator(columns, rows);
  const app = mountApp(users, tty);
  const show = async (bytes: string) => {
    const shown = emulator.write(bytes);
    await vi.advanceTimersByTimeAsync(100);
    await shown;
  };
  await turnsEnd();
  await show(tty.take());
  return {
    emulator,
    async press(bytes: string): Promise<number> {
      tty.type(bytes);
      await turnsEnd();
      vi.advanceTimersByTime(100);
      const answer = tty.take();
      await show(answer);
      return Buffer.byteLength(answer);
    },
    async close() {
      app.unmount();
      await app.waitUntilExit();
    },
  };
}

describe.each([
  { columns: 80, rows: 24, move: 250, scroll: 300, page: 700 },
  { columns: 200, rows: 50, move: 500, scroll: 500, page: 3300 },
])("at $columns x $rows one key costs", ({ columns, rows, ...most }) => {
  it(`at most ${most.move} bytes for a move, ${most.scroll} for a scrolled line, ${most.page} for a page`, async () => {
    const users = await openUsers(columns, rows);
    const move = await users.press("j");
    await users.press("j".repeat(rows));
    const scroll = await users.press("j");
    const page = await users.press(PAGE_DOWN);

    expect(move).toBeLessThanOrEqual(most.move);
    expect(scroll).toBeLessThanOrEqual(most.scroll);
    expect(page).toBeLessThanOrEqual(most.page);
    await users.close();
  });
});

// More than the 700 of a page whose names are alike: twenty rows of strangers have as many characters that change.
test.each([
  { columns: 80, rows: 24, most: 1100 },
  { columns: 200, rows: 50, most: 3300 },
])("a page on which every column changes costs at most $most bytes at $columns x $rows", async (given) => {
  const users = await openUsers(given.columns, given.rows, <UsersDemo person={stranger} />);
  for (let page = 0; page < 4; page++) {
    expect(await users.press(PAGE_DOWN)).toBeLessThanOrEqual(given.most);
  }
  await users.close();
});
