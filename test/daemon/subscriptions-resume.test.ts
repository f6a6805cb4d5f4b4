import { expect, test } from "vitest";
import type { Connection } from "../../daemon/connection.ts";
import { defaultLimits } from "../../daemon/limits.ts";
import { createLog } from "../../daemon/log.ts";
import type { Store } from "../../daemon/store/store.ts";
import { Subscriptions } from "../../daemon/subscriptions.ts";
import type { Entry } from "../../protocol/index.ts";
import { TestClock } from "./test-clock.ts";

const entry = (seq: number): Entry => ({
  seq,
  at: "2026-03-01T12:00:00.000Z",
  type: "user.created",
  actor: { kind: "local", id: null, name: null, address: null },
  subject: null,
  outcome: "ok",
  count: 1,
  data: {},
});

/** Subscriptions over a store whose entries come when the test says, and a connection that keeps what it is sent. */
function open(seq: number) {
  let durable = seq;
  let listen = (_entries: readonly Entry[]): void => {};
  const pages = new Map<number, () => number[]>();
  const store = {
    status: () => ({ kind: "test", healthy: true, reason: null, users: 0, seq: durable, epoch: "e" }),
    onEntries: (listener: typeof listen) => {
      listen = listener;
    },
    async *entriesSince(since: number) {
      const page = pages.get(since);
      if (page) yield page().map(entry);
    },
  };
  const sent: number[] = [];
  const keep = (frame: Buffer): void => {
    const text = frame.toString("utf8", frame.indexOf("{"));
    sent.push(JSON.parse(text).params.seq);
  };
  const connection = {
    caller: { kind: "local", address: null, client: null },
    isOpen: true,
    sendEvent: keep,
    replayEvent: keep,
    room: async () => {},
  } as unknown as Connection;
  const log = createLog("silent", process.stdout);
  const subscriptions = new Subscriptions({
    store: store as unknown as Store,
    limits: defaultLimits,
    clock: new TestClock(),
    log,
  });
  subscriptions.attach(connection);
  return {
    connection,
    subscriptions,
    sent,
    /** What `entriesSince(since)` answers with; asked for again it has nothing more. */
    page: (since: number, seqs: () => number[]) => pages.set(since, seqs),
    happens: (...seqs: number[]) => {
      durable = Math.max(durable, ...seqs);
      listen(seqs.map(entry));
    },
    becomesDurable: (position: number) => {
      durable = position;
    },
  };
}

test("what was on disk before the subscription is not sent, though its delivery comes after", async () => {
  const { connection, subscriptions, sent, happens, becomesDurable } = open(4);
  becomesDurable(5);
  expect(await subscriptions.subscribe(connection, {})).toMatchObject({ seq: 5 });
  happens(5);
  happens(6);
  await expect.poll(() => sent).toEqual([6]);
});

test("what happens while older events are replayed is neither lost nor sent too early", async () => {
  const { connection, subscriptions, sent, happens, page } = open(2);
  page(0, () => {
    happens(3);
    return [1, 2];
  });
  page(2, () => [3]);
  await subscriptions.subscribe(connection, { since: 0 });
  await expect.poll(() => sent).toEqual([1, 2, 3]);
  happens(4);
  await expect.poll(() => sent).toEqual([1, 2, 3, 4]);
});

test("what a replay has sent ahead of its delivery is not sent again", async () => {
  const { connection, subscriptions, sent, happens, page, becomesDurable } = open(2);
  becomesDurable(3);
  page(0, () => [1, 2, 3]);
  await subscriptions.subscribe(connection, { since: 0 });
  await expect.poll(() => sent).toEqual([1, 2, 3]);
  happens(3, 4);
  await expect.poll(() => sent).toEqual([1, 2, 3, 4]);
});
