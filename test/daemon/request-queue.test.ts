import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, onTestFinished, test, vi } from "vitest";
import { RequestQueue } from "../../daemon/request-queue.ts";
import { overUnix } from "./metrics/page.ts";
import { startTestDaemon } from "./start-daemon.ts";

function openQueue() {
  const started: number[] = [];
  const state = { isHeld: false };
  const queue = new RequestQueue({ limit: 128, isHeld: () => state.isHeld, onDone: () => {} });
  /** Tasks that are done after `work`, and before anything else happens. */
  const push = (count: number, work: () => void = () => {}) => {
    for (let index = 0; index < count; index += 1) {
      const run = (done: () => void) => {
        started.push(index);
        work();
        queueMicrotask(done);
      };
      queue.push({ blocks: false, run });
    }
  };
  return { queue, started, state, push };
}

const inOrder = (count: number) => Array.from({ length: count }, (_, index) => index);

/** A queue of tasks of which none is done. */
function openSlowQueue({ limit }: { limit: number }) {
  const started: number[] = [];
  const queue = new RequestQueue({ limit, isHeld: () => false, onDone: () => {} });
  const push = (index: number) => queue.push({ blocks: false, run: () => started.push(index) });
  return { started, push };
}

/** Time passes when the test says so: a loaded machine may stand still between any two lines. */
function holdTime(): { pass(ms: number): void } {
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => now);
  onTestFinished(() => void vi.restoreAllMocks());
  return {
    pass: (ms) => {
      now += ms;
    },
  };
}

/** What is done at once is done. */
async function microtasks(): Promise<void> {
  for (let tick = 0; tick < 100; tick += 1) await Promise.resolve();
}

test("of hundreds that come in one read 16 start, then others have their turn, and none is lost or overtaken", async () => {
  holdTime();
  const { started, push } = openSlowQueue({ limit: 300 });
  for (const index of inOrder(300)) push(index);
  expect(started).toHaveLength(16);
  await nextTurn();
  expect(started).toHaveLength(32);
  await expect.poll(() => started).toHaveLength(300);
  expect(started).toEqual(inOrder(300));
});

test("what is done at once makes nobody behind it wait", async () => {
  holdTime();
  const { started, push } = openQueue();
  push(64);
  expect(started).toHaveLength(16);
  await microtasks();
  expect(started).toEqual(inOrder(64));
});

test("of requests that cost much fewer start before others have their turn", async () => {
  const time = holdTime();
  const { started, push } = openQueue();
  push(16, () => time.pass(4));
  await microtasks();
  expect(started).toEqual([0, 1]);
  await expect.poll(() => started).toHaveLength(16);
});

test("one at a time starts at once, however often", async () => {
  holdTime();
  const { queue, started, push } = openQueue();
  for (let times = 0; times < 100; times += 1) {
    push(1);
    expect(started).toHaveLength(times + 1);
    while (queue.size > 0) await Promise.resolve();
  }
});

test("nothing starts while the client does not take what it was answered", () => {
  const { queue, started, state, push } = openQueue();
  state.isHeld = true;
  push(3);
  expect(started).toEqual([]);
  state.isHeld = false;
  queue.goOn();
  expect(started).toEqual([0, 1, 2]);
});

test("who asks for a thousand long lists and reads none of them is served few, and others go on", async () => {
  const daemon = await startTestDaemon();
  const operator = await daemon.operator();
  for (let start = 0; start < 500; start += 100) {
    const users = Array.from({ length: 100 }, (_, index) => ({
      username: `user-${start + index}`,
      fullName: "x".repeat(100),
    }));
    await operator.call("users.import", { mode: "create", users });
  }
  const greedy = await daemon.operator();
  greedy.socket.pause();
  const list = { jsonrpc: "2.0", id: 1, method: "users.list", params: { limit: 500 } };
  for (let times = 0; times < 1000; times += 1) greedy.send(list);
  const lists = async () =>
    (await overUnix(daemon)).value('roster_calls_total{method="users.list",outcome="ok"}') ?? 0;
  await expect.poll(lists).toBeGreaterThan(0);
  const listsDuringPings = async () => {
    const before = await lists();
    for (let times = 0; times < 20; times += 1) await operator.call("system.ping", {});
    return (await lists()) - before;
  };
  await expect.poll(listsDuringPings).toBe(0);
  expect(await lists()).toBeLessThan(100);
});
