import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { finish, IdleWork, type Work } from "../../../../daemon/store/json/idle-work.ts";

/** What was done, in its order. */
let done: string[];
/** How long others are at work in each pause, milliseconds. */
let othersMs: number;
let idle: IdleWork;

beforeEach(() => {
  vi.useFakeTimers();
  done = [];
  othersMs = 0;
  idle = newIdleWork();
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** It looks how long the process was at work before each pause and after it. */
function newIdleWork(): IdleWork {
  let activeMs = 0;
  return new IdleWork(() => {
    activeMs += othersMs;
    return activeMs;
  });
}

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

/** How long others have their turn after the next slice. */
function nextPause(): number {
  vi.advanceTimersToNextTimer();
  const begun = Date.now();
  vi.advanceTimersToNextTimer();
  return Date.now() - begun;
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
  idle.add([work("a", 1000)]);
  vi.advanceTimersToNextTimer();
  expect(done.length).toBeGreaterThan(0);
  expect(done.length).toBeLessThan(5);
  const before = done.length;
  vi.advanceTimersToNextTimer();
  expect(done.length).toBeGreaterThan(before);
});

test("while others are at work their turns are longer, and the work goes on", () => {
  letTimePass();
  idle.add([work("a", 1000)]);
  expect(nextPause()).toBe(1);
  othersMs = 0.5;
  expect(nextPause()).toBe(5);
  const before = done.length;
  expect(nextPause()).toBe(5);
  expect(done.length).toBeGreaterThan(before);
  othersMs = 0.1;
  expect(nextPause()).toBe(1);
});

test("who adds work while others are at work waits as long as they have their turn", () => {
  othersMs = 0.5;
  idle.add([work("a", 1)]);
  vi.advanceTimersToNextTimer();
  idle.add([work("b", 1)]);
  vi.advanceTimersByTime(4);
  expect(done).toEqual(["a1"]);
  vi.advanceTimersByTime(1);
  expect(done).toEqual(["a1", "b1"]);
});

test("nothing begins before its delay", () => {
  idle.add([work("a", 1)], { delayMs: 1000 });
  vi.advanceTimersByTime(999);
  expect(done).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(done).toEqual(["a1"]);
});

test("what somebody waits for has no delay", () => {
  idle.add([work("a", 1)], { delayMs: 1000 });
  void idle.run(work("b", 1));
  vi.advanceTimersByTime(1);
  expect(done.at(0)).toBe("b1");
});

test("once stopped it does nothing and waits for nothing, whatever is added", () => {
  letTimePass();
  idle.add([work("a", 1000)]);
  vi.advanceTimersToNextTimer();
  idle.stop();
  idle.add([work("b", 1)]);
  const before = done.length;
  expect(vi.getTimerCount()).toBe(0);
  vi.runAllTimers();
  expect(done).toHaveLength(before);
  const unused = newIdleWork();
  unused.stop();
  unused.add([work("c", 1)]);
  expect(vi.getTimerCount()).toBe(0);
});

test("who cannot wait finishes a work, and idle moments go on with the next", () => {
  const [first, second] = [work("a", 2), work("b", 1)];
  idle.add([first, second]);
  finish(first);
  expect(done).toEqual(["a1", "a2"]);
  vi.runAllTimers();
  expect(done).toEqual(["a1", "a2", "b1"]);
});

test("what somebody waits for is done before what nobody does, in its order", () => {
  idle.add([work("a", 1), work("b", 1)]);
  void idle.run(work("c", 1));
  void idle.run(work("d", 1));
  vi.runAllTimers();
  expect(done).toEqual(["c1", "d1", "a1", "b1"]);
});

test("what is due soon is done before what somebody waits for, in its order", () => {
  idle.add([work("a", 1)]);
  void idle.run(work("b", 1));
  idle.add([work("c", 1), work("d", 1)], { soon: true });
  idle.add([work("e", 1)], { soon: true });
  vi.runAllTimers();
  expect(done).toEqual(["c1", "d1", "e1", "b1", "a1"]);
});

test("work under way goes on where it was, once more urgent work is done", () => {
  letTimePass();
  idle.add([work("a", 6)]);
  vi.advanceTimersToNextTimer();
  const before = [...done];
  expect(before).toContain("a1");
  expect(before).not.toContain("a6");
  idle.add([work("b", 1)], { soon: true });
  vi.runAllTimers();
  expect(done.slice(before.length, before.length + 2)).toEqual(["b1", `a${before.length + 1}`]);
  expect(done.at(-1)).toBe("a6");
});

test("who waits for a work hears when it is done, and what went wrong in it", async () => {
  const first = idle.run(work("a", 2)).then(() => done.push("a is done"));
  const failing = idle.run({
    step() {
      throw new Error("no more");
    },
  });
  failing.catch(() => done.push("it failed"));
  idle.add([work("b", 1)]);
  vi.runAllTimers();
  await expect(failing).rejects.toThrow("no more");
  await first;
  expect(done).toEqual(["a1", "a2", "b1", "a is done", "it failed"]);
});

test("who waits for a work hears that it was stopped", async () => {
  const before = idle.run(work("a", 1));
  idle.stop();
  await expect(before).rejects.toThrow("stopped");
  await expect(idle.run(work("b", 1))).rejects.toThrow("stopped");
  expect(done).toEqual([]);
});
