import { afterEach, beforeEach, expect, test, vi } from "vitest";

vi.hoisted(() => {
  // Without colours no style leaves by right, so that one that does is an outsider's.
  process.env.FORCE_COLOR = "0";
});

import type { Screen } from "../../../tui/navigation.ts";
import { Session } from "../../../tui/session.ts";
import { mountApp } from "../../../tui/terminal/mount.tsx";
import { createFakeTty } from "../terminal/fake-tty.ts";
import { HOSTILE } from "../terminal/hostile-text.ts";
import { answersWith, onlyScreen, screensWith } from "./every-screen.tsx";

/** A string of its own to be looked for, since what is hostile is not shown as it is. */
const PLAIN = "Zoe";
/** What leads on within a screen: its tabs, dialogs and lists. */
const KEYS = ["\t", "\t", "\t", "\t", "\t", "x", "d", "p", "R", "\r"];
/** So many at a time are seen in the narrowest fields; one by one takes minutes. */
const AT_ONCE = 4;
/** What our pen writes, and nothing else: cursor moves, erasing, scrolling, the modes of the alternate screen and of whole frames. */
const OURS =
  /\x1b\[\d*(?:;\d+)?[HGABCDMLKr]|\x1b\[2J|\x1b\[m|\x1b\[\?(?:1049|2004|2026|25|7)[hl]|\x1bE|[\r\b\v]/g;
const UNSEEN = /[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]/;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const names = Object.keys(screensWith(PLAIN)) as Screen["name"][];

/** Everything that the screen writes to the terminal while it is shown and its keys are pressed. */
async function bytesOf(name: Screen["name"], text: string): Promise<string> {
  const daemon = answersWith(text);
  const session = new Session({ connect: daemon.connect, target: text, local: true });
  session.start();
  await vi.advanceTimersByTimeAsync(1);
  const tty = createFakeTty(120, 30);
  const app = mountApp(onlyScreen(session, screensWith(text)[name]), tty);
  for (const key of ["", ...KEYS]) {
    tty.type(key);
    await vi.advanceTimersByTimeAsync(200);
    tty.type("\x1b");
    await vi.advanceTimersByTimeAsync(100);
  }
  app.unmount();
  await app.waitUntilExit();
  session.close();
  return tty.take();
}

test.each(names)(
  "the screen %s shows texts of the daemon, and lets none of them through as anything but text",
  async (name) => {
    expect(await bytesOf(name, PLAIN)).toContain(PLAIN);
    for (const texts of inGroups(HOSTILE.map(([, text]) => text))) {
      const left = (await bytesOf(name, texts.join(" "))).replaceAll(OURS, "");
      expect(UNSEEN.exec(left)?.[0], JSON.stringify(texts)).toBeUndefined();
    }
  },
);

test("there are at least 25 hostile texts", () => {
  expect(HOSTILE.length).toBeGreaterThanOrEqual(25);
});

function inGroups(texts: string[]): string[][] {
  return Array.from({ length: Math.ceil(texts.length / AT_ONCE) }, (_, group) =>
    texts.slice(group * AT_ONCE, (group + 1) * AT_ONCE),
  );
}
