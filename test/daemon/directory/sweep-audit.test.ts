import { expect, test } from "vitest";
import { DAY, HOUR, openTestDirectory } from "./test-directory.ts";

/** A directory whose audit has an entry that is sealed, and how many entries tell that some were pruned. */
async function withSealedEntry() {
  const roster = await openTestDirectory();
  await roster.user("ada");
  await roster.sweep();
  await roster.store.snapshot();
  const pruned = async () => {
    await roster.sweep();
    return (await roster.entriesOf("audit.pruned")).length;
  };
  return { roster, pruned };
}

test("an audit entry is kept for a year", async () => {
  const { roster, pruned } = await withSealedEntry();
  roster.advance(365 * DAY);
  expect(await pruned()).toBe(0);
  roster.advance(HOUR);
  expect(await pruned()).toBe(1);
  const { items } = await roster.store.queryEntries({ limit: 50 });
  expect(items.map(({ type }) => type)).not.toContain("user.created");
});

test("a clock that jumped ahead takes nothing from the audit for an hour", async () => {
  const { roster, pruned } = await withSealedEntry();
  roster.setClock(400 * DAY);
  expect(await pruned()).toBe(0);
  roster.advance(HOUR - 1);
  expect(await pruned()).toBe(0);
  roster.setClock(-400 * DAY);
  expect(await pruned()).toBe(0);
  roster.advance(2 * HOUR);
  expect(await pruned()).toBe(0);
  roster.setClock(400 * DAY);
  expect(await pruned()).toBe(0);
  roster.advance(HOUR);
  expect(await pruned()).toBe(1);
});
