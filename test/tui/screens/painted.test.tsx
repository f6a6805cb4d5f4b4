import { Box, type DOMElement } from "ink";
import { createRef } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

vi.hoisted(() => {
  process.env.FORCE_COLOR = "1";
});

import type { Screen } from "../../../tui/navigation.ts";
import { Session } from "../../../tui/session.ts";
import { parseRow } from "../../../tui/terminal/cells.ts";
import type { KeyName } from "../../../tui/terminal/input-events.ts";
import { paint } from "../../../tui/terminal/painter.ts";
import { show } from "../components/harness.tsx";
import { answersWith, onlyScreen, screensWith } from "./every-screen.tsx";

const NAME = "Zoë 漢字👩‍🔬";
/** What leads on within a screen: its tabs, dialogs and lists. */
const KEYS = ["tab", "tab", "tab", "tab", "tab", "x", "d", "p", "R", "enter"];
/** As wide as ink-testing-library's terminal. */
const COLUMNS = 100;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

test.each(Object.keys(screensWith(NAME)) as Screen["name"][])(
  "the screen %s looks, cell by cell, as Ink itself draws it",
  async (name) => {
    const session = new Session({ connect: answersWith(NAME).connect, target: NAME, local: true });
    session.start();
    await vi.advanceTimersByTimeAsync(1);
    const box = createRef<DOMElement>();
    const ink = show(<Box ref={box}>{onlyScreen(session, screensWith(NAME)[name])}</Box>);
    const painted = () => {
      const frame = box.current?.parentNode && paint(box.current.parentNode);
      if (frame !== undefined) expect(cellsOf(frame)).toEqual(cellsOf(ink.frame()));
      return frame !== undefined;
    };
    await vi.advanceTimersByTimeAsync(200);
    expect(painted()).toBe(true);
    for (const key of KEYS) {
      if (key.length === 1) ink.type(key);
      else ink.press(key as KeyName);
      await vi.advanceTimersByTimeAsync(200);
      painted();
      ink.press("escape");
    }
    ink.unmount();
    session.close();
  },
);

function cellsOf(frame: string) {
  return frame.split("\n").map((line) => parseRow(line, COLUMNS).cells);
}
