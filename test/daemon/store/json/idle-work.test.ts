import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { finish, IdleWork, type Work } from "../../../../daemon/store/json/idle-work.ts";

/** What was done, in its order. */
let done: string[];

beforeEach(() => {
  vi.useFakeTimers();
  done = [];
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function work(name: string, steps: number): Work {
  let taken = 0;
  return {
    step() {
      if (taken === steps) return false;
      taken += 1;
      done.push(`${name}${taken}`);
      return true;
    },
  };
}

/** From now on each look at the clock shows half a millisecond more. */
function letTimePass(): void {
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => {
    now += 0.5;
    return now;
  });
}

test("works are done one after the other, and then no timer is left", () => {
  const idle = new IdleWork();
  idle.add([work("a", 2), work("b", 1)]);
  idle.add([work("c", 1)]);
  expect(done).toEqual([]);
  vi.runAllTimers();
  expect(done).toEqual(["a1", "a2", "b1", "c1"]);
  expect(vi.getTimerCount()).toBe(0);
  idle.add([work("d", 1)]);
  vi.runAllTimers();
  expect(done.at(-1)).toBe("d1");
});

test("others have their turn every millisecond", () => {
  letTimePass();
  const idle = new IdleWork();
  idle.add([work("a", 1000)]);
  vi.advanceTimersToNextTimer();
  expect(done.length).toBeGreaterThan(0);
  expect(done.length).toBeLessThan(5);
  const before = done.length;
  vi.advanceTimersToNextTimer();
  expect(done.length).toBeGreaterThan(before);
});

test("nothing begins before its delay", () => {
  const idle = new IdleWork();
  idle.add([work("a", 1)], 1000);
  vi.advanceTimersByTime(999);
  expect(done).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(done).toEqual(["a1"]);
});

test("once stopped it does nothing and waits for nothing, whatever is added", () => {
  letTimePass();
  const idle = new IdleWork();
  idle.add([work("a", 1000)]);
  vi.advanceTimersToNextTimer();
  idle.stop();
  idle.add([work("b", 1)]);
  const before = done.length;
  expect(vi.getTimerCount()).toBe(0);
  vi.runAllTimers();
  expect(done).toHaveLength(before);
  const unused = new IdleWork();
  unused.stop();
  unused.add([work("c", 1)]);
  expect(vi.getTimerCount()).toBe(0);
});

test("who cannot wait finishes a work, and idle moments go on with the next", () => {
  const [first, second] = [work("a", 2), work("b", 1)];
  const idle = new IdleWork();
  idle.add([first, second]);
  finish(first);
  expect(done).toEqual(["a1", "a2"]);
  vi.runAllTimers();
  expect(done).toEqual(["a1", "a2", "b1"]);
});
