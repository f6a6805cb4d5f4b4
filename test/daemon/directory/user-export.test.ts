import { expect, test } from "vitest";
import type { UserDetail } from "../../../protocol/index.ts";
import { LOCAL, openTestDirectory, PASSWORD, type TestDirectory } from "./test-directory.ts";

async function pages(
  roster: TestDirectory,
  limit: number,
  between = async () => {},
): Promise<UserDetail[][]> {
  const all: UserDetail[][] = [];
  for (let after: string | null | undefined; after !== null; ) {
    const { items, next } = await roster.call(LOCAL, "users.export", { limit, ...(after && { after }) });
    all.push(items);
    after = next;
    await between();
  }
  return all;
}

async function populate(roster: TestDirectory, count: number, more = {}): Promise<void> {
  const users = Array.from({ length: count }, (_, index) => ({ username: `u${index}`, ...more }));
  await roster.call(LOCAL, "users.import", { users, mode: "create" });
}

test("pages hold every live user once, in detail, by id", async () => {
  const roster = await openTestDirectory();
  await populate(roster, 25, { settings: { studio: { a: 1 } } });
  await roster.user("gone");
  await roster.call(LOCAL, "users.delete", { user: "gone" });
  const found = await pages(roster, 10);
  expect(found.map((page) => page.length)).toEqual([10, 10, 5]);
  const ids = found.flat().map(({ id }) => id);
  expect(ids).toEqual([...ids].sort());
  expect(new Set(found.flat().map(({ username }) => username)).size).toBe(25);
  expect(found.flat().every(({ settings }) => JSON.stringify(settings) === '{"studio":{"a":1}}')).toBe(true);
});

test("the last page says that it is, even when it is full", async () => {
  const roster = await openTestDirectory();
  await populate(roster, 20);
  expect((await pages(roster, 10)).map((page) => page.length)).toEqual([10, 10]);
  const empty = await openTestDirectory();
  expect(await pages(empty, 10)).toEqual([[]]);
});

test("users made, renamed, deleted and purged from the list meanwhile make nobody skipped or met twice", async () => {
  const roster = await openTestDirectory();
  await populate(roster, 30);
  let turn = 0;
  const found = await pages(roster, 7, async () => {
    turn += 1;
    roster.advance(1);
    await roster.user(`new-${turn}`);
    await roster.call(LOCAL, "users.update", { user: `u${turn}`, changes: { username: `renamed-${turn}` } });
    await roster.call(LOCAL, "users.delete", { user: `u${29 - turn}` });
  });
  const ids = found.flat().map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const live = await roster.call(LOCAL, "users.list", { limit: 500 });
  for (const { id, username } of live.items) {
    if (!username.startsWith("new-")) expect(ids).toContain(id);
  }
});

test("a page ends before it grows larger than half a frame", async () => {
  const roster = await openTestDirectory();
  for (let index = 0; index < 12; index++) {
    await roster.user(`big${index}`, { settings: { studio: { blob: "é".repeat(30_000) } } });
  }
  const found = await pages(roster, 500);
  expect(found.flat()).toHaveLength(12);
  for (const page of found) expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThan(512 * 1024);
  expect(found.length).toBeGreaterThan(1);
});

test("an export carries no hash of any password", async () => {
  const roster = await openTestDirectory();
  const user = await roster.user("ada", { password: PASSWORD });
  const { passwordHash } = (await roster.store.user(user.id)) ?? {};
  const [[ada] = []] = await pages(roster, 10);
  expect(ada?.hasPassword).toBe(true);
  expect(JSON.stringify(ada)).not.toContain(passwordHash);
});
