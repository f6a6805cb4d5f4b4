import { Text } from "ink";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { mountApp } from "../../../tui/terminal/mount.tsx";
import { paint } from "../../../tui/terminal/painter.ts";
import { Counter } from "./counter.tsx";
import { createFakeTty } from "./fake-tty.ts";
import { createEmulator } from "./xterm.ts";

vi.mock("../../../tui/terminal/painter.ts", { spy: true });

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ["setTimeout", "clearTimeout", "setImmediate", "clearImmediate", "performance"],
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.mocked(paint).mockReset();
});

function open(element: React.ReactNode) {
  const tty = createFakeTty(40, 6);
  const app = mountApp(element, tty);
  vi.advanceTimersByTime(100);
  return { tty, app };
}

/** The frames that were painted here and not by Ink. */
function painted(): string[] {
  return vi.mocked(paint).mock.results.map(({ value }) => value?.trim());
}

/** What a terminal shows after these bytes. */
async function shownBy(bytes: string[]): Promise<string[]> {
  vi.useRealTimers();
  const emulator = createEmulator(40, 6);
  await emulator.write(bytes.join(""));
  return emulator.lines();
}

it("the first frame that shows anything is painted here and not by Ink", () => {
  vi.mocked(paint).mockReturnValue("painted");
  const { tty, app } = open(<Counter />);
  expect(tty.written.join("")).toContain("painted");
  expect(tty.written.join("")).not.toContain("0 keys");
  app.unmount();
});

it("a thousand keys in one write are one frame, painted here and not by Ink", async () => {
  const { tty, app } = open(<Counter />);
  const before = tty.written.length;
  vi.mocked(paint).mockClear();

  tty.type("j".repeat(1000));
  vi.advanceTimersByTime(100);

  expect(tty.written.length - before).toBe(1);
  expect(painted()).toEqual(["1000 keys"]);
  expect((await shownBy(tty.written))[0]).toBe("1000 keys");
  app.unmount();
});

it("keys that come one by one are each drawn at once", () => {
  const { tty, app } = open(<Counter />);
  vi.mocked(paint).mockClear();
  for (let key = 0; key < 10; key++) {
    tty.type("j");
    vi.advanceTimersByTime(1);
  }
  expect(painted()).toEqual(Array.from({ length: 10 }, (_, key) => `${key + 1} keys`));
  app.unmount();
});

it("Ink draws what the painter leaves to it", async () => {
  const { tty, app } = open(<Text>{"words ".repeat(10)}</Text>);
  expect((await shownBy(tty.written)).slice(0, 2)).toEqual([
    "words words words words words words",
    "words words words words",
  ]);
  app.unmount();
});
