import { expect, test, vi } from "vitest";
import { RemoteList, type Stretch } from "../../tui/remote-list.ts";

interface Row {
  id: string;
  text: string;
}

/** A list of rows `0` to before `count`, read as far away as a daemon's. */
function remote(count: number, height = 10) {
  const rows: Row[] = Array.from({ length: count }, (_, index) => ({ id: `${index}`, text: "" }));
  const read = vi.fn(async (_query: string, { offset, limit }: Stretch) => ({
    offset,
    items: rows.slice(offset, offset + limit),
    total: rows.length,
  }));
  const list = new RemoteList<Row, string>(read);
  list.resize(height);
  list.ask("all");
  list.refresh();
  return { rows, read, list, isRead: () => expect.poll(() => list.view.total).toBe(rows.length) };
}

const ids = (items: Iterable<Row>) => Array.from(items, ({ id }) => id);

test("marks stay while one moves and filters, and are known as they are now", async () => {
  const { list, rows, isRead } = remote(30);
  await isRead();
  list.mark();
  list.mark();
  expect(ids(list.targets())).toEqual(["0", "1"]);
  expect(list.view.selected).toBe(2);

  rows[1] = { id: "1", text: "changed elsewhere" };
  list.changed();
  await expect.poll(() => list.targets()[1]?.text).toBe("changed elsewhere");
  list.ask("others");
  expect(ids(list.targets())).toEqual(["0", "1"]);
});

test("without marks an action is for the selected row", async () => {
  const { list, isRead } = remote(30);
  await isRead();
  list.move("down");
  expect(ids(list.targets())).toEqual(["1"]);
});

test("while another question is not answered nothing is done to the rows of the one before", async () => {
  const { list, isRead } = remote(30);
  await isRead();
  list.ask("others");
  expect(list.view.outdated).toBe(true);
  expect(list.view.rows).toHaveLength(10);
  list.mark();
  void list.markRange();
  expect([list.targets(), list.view.current, list.view.marked.size, list.view.range]).toEqual([
    [],
    undefined,
    0,
    null,
  ]);
  await expect.poll(() => list.view.outdated).toBe(false);
  expect(ids(list.targets())).toEqual(["0"]);
});

test("a range that reaches further than what is read is read before it is marked", async () => {
  const { list, read, isRead } = remote(1500);
  await isRead();
  list.move({ to: 2 });
  void list.markRange();
  list.move("last");
  await list.markRange();
  expect(list.view.marked.size).toBe(1498);
  expect(list.view.range).toBeNull();
  for (const [, { limit }] of read.mock.calls) expect(limit).toBeLessThanOrEqual(500);
});

test("a range begins at the same row when rows are put before it elsewhere", async () => {
  const { list, rows, isRead } = remote(30);
  await isRead();
  list.move({ to: 5 });
  void list.markRange();
  list.move("down");
  rows.unshift({ id: "new", text: "" });
  list.changed();
  await expect.poll(() => list.view.range).toEqual({ first: 6, last: 7 });
  expect(ids(list.targets())).toEqual(["5", "6"]);
});

test("Esc takes back the range first, then the marks, then nothing", async () => {
  const { list, isRead } = remote(30);
  await isRead();
  list.mark();
  void list.markRange();
  expect(list.unmark()).toBe(true);
  expect([list.view.range, list.view.marked.size]).toEqual([null, 1]);
  expect(list.unmark()).toBe(true);
  expect(list.view.marked.size).toBe(0);
  expect(list.unmark()).toBe(false);
});

test("a range that cannot be read stays, and why is said", async () => {
  const { list, read, isRead } = remote(1500);
  await isRead();
  void list.markRange();
  list.move("last");
  read.mockRejectedValue(new Error("the line is dead"));
  await list.markRange();
  expect(list.view.error?.message).toBe("the line is dead");
  expect(list.view.range).toEqual({ first: 0, last: 1499 });
});

test("a row is gone to wherever it is, with its neighbours; one that the list has not moves nothing", async () => {
  const rows = Array.from({ length: 900 }, (_, index) => ({ id: `${index}`, text: "" }));
  const read = async (_query: string, { offset, limit, around }: Stretch) => {
    const at = rows.findIndex(({ id }) => id === around);
    const start = at === -1 ? offset : at - (at % limit);
    return { offset: start, items: rows.slice(start, start + limit), total: rows.length };
  };
  const list = new RemoteList<Row, string>(read);
  list.resize(10);
  list.ask("all");
  list.refresh();
  await expect.poll(() => list.view.total).toBe(900);
  list.select("600");
  await expect.poll(() => list.view.current?.id).toBe("600");
  await expect.poll(() => list.view.rows).not.toContain(undefined);

  list.select("nobody");
  await expect.poll(() => list.view.error).toBeNull();
  expect(list.view.current?.id).toBe("600");
});

test("a filter is asked for with each key at once, not after what gathers changes", async () => {
  const { list, read, isRead } = remote(30);
  await isRead();
  const before = read.mock.calls.length;
  list.ask("o");
  expect(read.mock.calls.slice(before).map(([query]) => query)).toEqual(["o"]);
  list.ask("ot");
  list.ask("oth");
  await expect.poll(() => list.view.outdated).toBe(false);
  expect(read.mock.calls.slice(before).map(([query]) => query)).toEqual(["o", "oth"]);
});
