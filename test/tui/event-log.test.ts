import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { EventLog } from "../../tui/event-log.ts";
import { entryOf } from "./screens/open-app.tsx";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const at = "2026-11-22T20:00:00.000Z";

function heard(...numbers: number[]) {
  const log = new EventLog(() => Date.parse(at));
  log.resize(10);
  for (const seq of numbers) log.hear({ kind: "entry", entry: entryOf(seq) });
  vi.advanceTimersByTime(100);
  return log;
}

const seqs = (log: EventLog) =>
  log.view.rows.map((row) => ("entry" in row ? row.entry.seq : row.missedBefore));

test("the newest is on top, and from the top row one follows", () => {
  const log = heard(1, 2, 3);
  expect(seqs(log)).toEqual([3, 2, 1]);
  expect(log.view.current).toEqual({ entry: entryOf(3) });
});

test("a selected row below the top stays selected", () => {
  const log = heard(1, 2, 3);
  log.move("down");
  log.hear({ kind: "entry", entry: entryOf(4) });
  vi.advanceTimersByTime(100);
  expect(log.view.current).toEqual({ entry: entryOf(2) });
});

test("500 events a second are drawn ten times, and only the last 2,000 are kept", () => {
  const log = new EventLog();
  log.resize(10);
  const drawn = vi.fn();
  log.watch(drawn);
  for (let seq = 1; seq <= 5000; seq++) {
    log.hear({ kind: "entry", entry: entryOf(seq) });
    vi.advanceTimersByTime(2);
  }
  vi.advanceTimersByTime(100);
  expect(drawn.mock.calls.length).toBeLessThanOrEqual(101);
  expect(log.view.total).toBe(2000);
  expect(seqs(log)[0]).toBe(5000);
});

test("paused, nothing moves and what waits is counted; going on shows it", () => {
  const log = heard(1, 2);
  log.pause();
  for (const seq of [3, 4, 5]) log.hear({ kind: "entry", entry: entryOf(seq) });
  vi.advanceTimersByTime(100);
  expect([seqs(log), log.view.waiting]).toEqual([[2, 1], 3]);
  log.pause();
  expect([seqs(log), log.view.waiting]).toEqual([[5, 4, 3, 2, 1], 0]);
});

test("paused for long, memory stays bounded and the newest are kept", () => {
  const log = heard(1);
  log.pause();
  for (let seq = 2; seq <= 10_000; seq++) log.hear({ kind: "entry", entry: entryOf(seq) });
  vi.advanceTimersByTime(100);
  expect(log.view.waiting).toBeLessThanOrEqual(4000);
  log.pause();
  expect([log.view.total, seqs(log)[0]]).toEqual([2000, 10_000]);
});

test("a gap stands where changes were missed, whatever is looked for", () => {
  const log = heard(1);
  log.hear({ kind: "gap" });
  log.hear({ kind: "entry", entry: entryOf(9, { type: "key.rotated" }) });
  vi.advanceTimersByTime(100);
  expect(seqs(log)).toEqual([9, at, 1]);
  log.show({ topics: ["keys"] });
  expect(seqs(log)).toEqual([9, at]);
});

test("the filter looks at topic, type and names, also of what is kept already", () => {
  const log = heard(1);
  const subject = { kind: "user", id: "g", name: "Grace" } as const;
  log.hear({ kind: "entry", entry: entryOf(2, { type: "user.disabled", subject }) });
  vi.advanceTimersByTime(100);
  log.show({ type: "user.dis" });
  expect(seqs(log)).toEqual([2]);
  log.show({ text: "grace" });
  expect(seqs(log)).toEqual([2]);
  log.show({ text: "nobody" });
  expect(seqs(log)).toEqual([]);
  log.show({});
  expect(seqs(log)).toEqual([2, 1]);
});

test("what was before the log began is put below, once, without what is no event", () => {
  const log = heard(5);
  log.addEarlier([entryOf(5), entryOf(4, { type: "login.failed" }), entryOf(3)]);
  expect(seqs(log)).toEqual([5, 3]);
});

test("a change that the audit has told already is not told again by its event", () => {
  const log = heard();
  log.addEarlier([entryOf(5)]);
  log.hear({ kind: "entry", entry: entryOf(5) });
  vi.advanceTimersByTime(100);
  expect(seqs(log)).toEqual([5]);
});
