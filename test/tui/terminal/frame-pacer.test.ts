import { describe, expect, it } from "vitest";
import { createFramePacer } from "../../../tui/terminal/frame-pacer.ts";
import { createFakeTimers } from "./fake-timers.ts";

function pace() {
  const timers = createFakeTimers();
  const line = { isReady: true, whenReady: [] as (() => void)[] };
  const drawn: number[] = [];
  const pacer = createFramePacer({
    draw: () => drawn.push(timers.now()),
    isReady: () => line.isReady,
    whenReady: (callback) => line.whenReady.push(callback),
    now: timers.now,
    startTimer: timers.start,
    atTurnsEnd: (callback) => timers.start(callback, 0),
  });
  const change = () => {
    pacer.request();
    timers.pass(0);
  };
  return { timers, line, drawn, pacer, change };
}

describe("drawing", () => {
  it("happens at once after a rest", () => {
    const { timers, drawn, change } = pace();
    change();
    timers.pass(500);
    change();
    expect(drawn).toEqual([0, 500]);
  });

  it("happens once for all that changes in one turn of the event loop", () => {
    const { timers, drawn, pacer } = pace();
    for (let change = 0; change < 1000; change++) pacer.request();
    expect(drawn).toEqual([]);
    timers.pass(100);
    expect(drawn).toEqual([0]);
  });

  it("happens at once three times, and then in step", () => {
    const { timers, drawn, change } = pace();
    change();
    for (let more = 0; more < 4; more++) {
      timers.pass(5);
      change();
    }
    timers.pass(100);
    expect(drawn).toEqual([0, 5, 10, 36]);
  });

  it("happens at once for each key and two answers to it, however quickly somebody types", () => {
    const { timers, drawn, pacer, change } = pace();
    const changed: number[] = [];
    for (let key = 0; key < 100; key++) {
      pacer.hurry();
      for (let more = 0; more < 3; more++) {
        changed.push(timers.now());
        change();
        timers.pass(7);
      }
    }
    expect(drawn).toEqual(changed);
  });

  it("does not let a key wait for the changes before it", () => {
    const { timers, drawn, pacer, change } = pace();
    for (let more = 0; more < 4; more++) change();
    timers.pass(5);
    pacer.hurry();
    change();
    expect(drawn).toEqual([0, 0, 0, 5]);
  });

  it("is not hurried by a key while the line is slow", () => {
    const { timers, line, drawn, pacer, change } = pace();
    line.isReady = false;
    change();
    pacer.hurry();
    timers.pass(1000);
    expect(drawn).toEqual([]);
    expect(line.whenReady).toHaveLength(1);
  });

  it("keeps to 30 frames a second in a flood, from its beginning on, and draws the last change", () => {
    const { timers, drawn, change } = pace();
    for (let more = 0; more < 1000; more++) {
      change();
      timers.pass(1);
    }
    timers.pass(100);
    expect(drawn.filter((at) => at < 1000)).toHaveLength(30);
    expect(drawn.at(-1)).toBeGreaterThanOrEqual(999);
  });

  it("waits for a slow line, and then draws once", () => {
    const { timers, line, drawn, pacer } = pace();
    line.isReady = false;
    pacer.request();
    timers.pass(0);
    pacer.request();
    timers.pass(1000);
    expect(drawn).toEqual([]);
    line.isReady = true;
    for (const callback of line.whenReady) callback();
    expect(drawn).toEqual([1000]);
  });

  it("stops for good", () => {
    const { timers, drawn, pacer, change } = pace();
    for (let more = 0; more < 3; more++) change();
    pacer.request();
    pacer.stop();
    pacer.request();
    pacer.hurry();
    timers.pass(100);
    expect(drawn).toEqual([0, 0, 0]);
  });

  it("stops for good while it waits for a slow line", () => {
    const { timers, line, drawn, pacer, change } = pace();
    line.isReady = false;
    change();
    pacer.stop();
    line.isReady = true;
    for (const callback of line.whenReady) callback();
    pacer.request();
    timers.pass(100);
    expect(drawn).toEqual([]);
  });
});
