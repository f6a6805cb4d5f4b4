import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createCoalescer } from "../../tui/coalesce.ts";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Work that ends when told to. */
function slowWork() {
  const ends: (() => void)[] = [];
  const work = vi.fn(() => new Promise<void>((resolve) => ends.push(resolve)));
  const end = async () => {
    ends.shift()?.();
    await vi.advanceTimersByTimeAsync(0);
  };
  return { work, end };
}

test("requests of a tenth of a second lead to one reading", async () => {
  const { work } = slowWork();
  const coalescer = createCoalescer(work);
  for (let time = 0; time < 9; time++) {
    coalescer.request();
    await vi.advanceTimersByTimeAsync(10);
  }
  expect(work).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(10);
  expect(work).toHaveBeenCalledTimes(1);
});

test("two readings never run at a time, and what was asked meanwhile is read afterwards, once", async () => {
  const { work, end } = slowWork();
  const coalescer = createCoalescer(work);
  coalescer.now();
  coalescer.now();
  coalescer.now();
  expect(work).toHaveBeenCalledTimes(1);
  await end();
  expect(work).toHaveBeenCalledTimes(2);
  await end();
  await vi.runAllTimersAsync();
  expect(work).toHaveBeenCalledTimes(2);
});

test("once stopped it reads no more", async () => {
  const { work } = slowWork();
  const coalescer = createCoalescer(work);
  coalescer.request();
  coalescer.stop();
  coalescer.request();
  coalescer.now();
  await vi.runAllTimersAsync();
  expect(work).not.toHaveBeenCalled();
});
