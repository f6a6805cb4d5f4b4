import { setImmediate as turnsEnd } from "node:timers/promises";
import fc from "fast-check";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

vi.hoisted(() => {
  process.env.FORCE_COLOR = "1";
});

import { mountApp } from "../../../tui/terminal/mount.tsx";
import { show } from "../components/harness.tsx";
import { createFakeTty } from "./fake-tty.ts";
import { stranger, UsersDemo, worldly } from "./users-demo.tsx";
import { createEmulator } from "./xterm.ts";

const COLUMNS = 80;
const ROWS = 24;

const keys = {
  j: "j",
  k: "k",
  g: "g",
  G: "G",
  pageDown: "\x1b[6~",
  pageUp: "\x1b[5~",
} as const;

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ["setTimeout", "clearTimeout", "performance"],
  });
});
afterEach(() => {
  vi.useRealTimers();
});

it.each([
  { people: "people whose names are alike", users: <UsersDemo /> },
  { people: "strangers", users: <UsersDemo person={stranger} /> },
  { people: "names of wide characters, marks and emoji", users: <UsersDemo person={worldly} /> },
])(
  "a list of $people looks, cell by cell, as plain Ink draws it, whatever keys are pressed",
  async ({ users }) => {
    const key = fc.constantFrom(...(Object.keys(keys) as (keyof typeof keys)[]));
    await fc.assert(
      fc.asyncProperty(fc.array(key, { minLength: 1, maxLength: 15 }), async (pressed) => {
        const tty = createFakeTty(COLUMNS, ROWS);
        const app = mountApp(users, tty);
        const ink = show(users, { columns: COLUMNS, rows: ROWS });
        const ours = createEmulator(COLUMNS, ROWS);
        const plain = createEmulator(COLUMNS, ROWS);
        for (const name of pressed) {
          tty.type(keys[name]);
          if (name === "pageDown" || name === "pageUp") ink.press(name);
          else ink.type(name);
          await turnsEnd();
          vi.advanceTimersByTime(100);
          const shown = [
            ours.write(tty.take()),
            plain.write(`\x1b[H\x1b[2J${ink.frame().replaceAll("\n", "\r\n")}`),
          ];
          await vi.advanceTimersByTimeAsync(100);
          await Promise.all(shown);
          expect(ours.cells()).toEqual(plain.cells());
        }
        app.unmount();
        ink.unmount();
        await app.waitUntilExit();
      }),
      { numRuns: 3 },
    );
  },
);
