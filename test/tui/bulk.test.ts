import { expect, test, vi } from "vitest";
import { refusal } from "../../protocol/index.ts";
import { runBulk } from "../../tui/bulk.ts";

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

test("one that fails does not keep the others from being done, and says why", async () => {
  const { done, failed, left } = await runBulk(numbers(20), async (number) => {
    if (number === 3) throw refusal("lastAdministrator", "3 is the last administrator");
  });
  expect([...done].sort((a, b) => a - b)).toEqual(numbers(20).filter((number) => number !== 3));
  expect(failed.map(({ item, error }) => [item, error.message])).toEqual([
    [3, "3 is the last administrator"],
  ]);
  expect(left).toEqual([]);
});

test("the first is done alone, then no more than so many at a time", async () => {
  let running = 0;
  const most: number[] = [];
  await runBulk(
    numbers(10),
    async () => {
      running++;
      most.push(running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
    },
    { atOnce: 3 },
  );
  expect(most[0]).toBe(1);
  expect(Math.max(...most)).toBe(3);
});

test("where the connection is lost or the password is not given, the rest is not tried", async () => {
  for (const error of [new Error("not connected"), refusal("reauthenticationRequired", "prove it")]) {
    const work = vi.fn(async (number: number) => {
      if (number === 2) throw error;
    });
    const { done, failed, left } = await runBulk(numbers(10), work, { atOnce: 1 });
    expect([done, failed.length, left]).toEqual([[0, 1], 1, numbers(10).slice(3)]);
  }
});

test("stopped, it ends after what is under way; progress is told after each", async () => {
  const progress: number[] = [];
  const outcome = await runBulk(numbers(10), async () => {}, {
    atOnce: 1,
    onProgress: (tried) => progress.push(tried),
    isStopped: () => progress.length >= 4,
  });
  expect(progress).toEqual([1, 2, 3, 4]);
  expect([outcome.done.length, outcome.left.length]).toEqual([4, 6]);
});
