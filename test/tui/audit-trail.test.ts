import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { AuditTrail } from "../../tui/audit-trail.ts";
import { entryOf } from "./screens/open-app.tsx";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const newest = 1000;

/** So many entries as are asked for, back from the newest or from `before`. */
async function pageOf({ before = newest + 1, limit = 50 }) {
  const next = Math.max(1, before - limit);
  const items = Array.from({ length: before - next }, (_, index) => entryOf(before - 1 - index));
  return { items, next: next > 1 ? next : null };
}

function newTrail() {
  const query = vi.fn(pageOf);
  const trail = new AuditTrail({ query, tip: async () => ({ seq: newest, hash: "00", epoch: "e" }) });
  return { query, trail };
}

test("one page fills a tall view, with a screenful to spare", async () => {
  const { query, trail } = newTrail();
  trail.resize(60);
  trail.ask({});
  await vi.runAllTimersAsync();
  expect(trail.view.rows).toHaveLength(60);
  expect(query).toHaveBeenCalledTimes(1);
});

test("a view that becomes taller than what was read is filled from older entries", async () => {
  const { trail } = newTrail();
  trail.resize(10);
  trail.ask({});
  await vi.runAllTimersAsync();
  trail.resize(70);
  await vi.runAllTimersAsync();
  expect(trail.view.rows).toHaveLength(70);
});
