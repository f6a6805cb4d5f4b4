import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { type Column, fitColumns, Table } from "../../../tui/components/table.tsx";
import { moveTable, tableMove } from "../../../tui/components/table-state.ts";
import { namedKey, textKey } from "../../../tui/terminal/input-events.ts";
import { show } from "./harness.tsx";

interface User {
  readonly name: string;
  readonly full: string;
}

const columns: readonly Column<User>[] = [
  { id: "name", title: "User", width: 8, priority: 9, cell: (user) => user.name },
  { id: "full", title: "Full name", width: 12, grow: true, priority: 5, cell: (user) => user.full },
  { id: "keys", title: "Keys", width: 4, priority: 1, align: "right", cell: () => "3" },
];

const users: User[] = [
  { name: "ada", full: "Ada Lovelace" },
  { name: "wang", full: "王小明" },
  { name: "eve", full: "Eve \x1b[31mred\u202e" },
];

function table(width: number, options: { selected?: number; rows?: (User | undefined)[] } = {}) {
  const { selected = 1, rows = users } = options;
  return show(
    <Table
      columns={columns}
      rows={rows}
      offset={0}
      selected={selected}
      width={width}
      height={4}
      sort={{ column: "name", descending: true }}
      isMarked={(user) => user.name === "ada"}
      empty="Nobody yet"
    />,
    { columns: width },
  );
}

describe("a table", () => {
  it("shows titles, the sort, the selected row and marked rows without any colour", () => {
    const lines = table(40).lines();
    expect(lines.map((line) => line.replaceAll(/ +/g, " "))).toEqual([
      " User ▾ Full name Keys",
      " *ada Ada Lovelace 3",
      "› wang 王小明 3",
      " eve Eve ␛[31mred· 3",
      "",
    ]);
  });

  it("keeps its columns straight whatever the names are", () => {
    const lines = table(40).lines().slice(0, 4);
    expect(new Set(lines.map((line) => stringWidth(line)))).toEqual(new Set([40]));
  });

  it("leaves the least important columns out when it is narrow", () => {
    expect(table(26).lines()[0]).toMatch(/^ +User ▾ +Full name$/);
    expect(table(14).lines()[0]).toBe("  User ▾");
    expect(fitColumns(columns, 5).map(({ id, width }) => [id, width])).toEqual([["name", 5]]);
  });

  it("says so when there is nothing, and waits for rows that are not loaded", () => {
    expect(table(40, { rows: [] }).lines()[1]).toBe("  Nobody yet");
    expect(table(40, { rows: [undefined, users[1]] }).lines()[2]).toContain("wang");
  });
});

describe("moving in a table of 100 rows, 10 in view", () => {
  const extent = { total: 100, height: 10 };

  it.each([
    ["down", { selected: 0, offset: 0 }, { selected: 1, offset: 0 }],
    ["down", { selected: 9, offset: 0 }, { selected: 10, offset: 1 }],
    ["down", { selected: 99, offset: 90 }, { selected: 99, offset: 90 }],
    ["up", { selected: 5, offset: 5 }, { selected: 4, offset: 4 }],
    ["up", { selected: 0, offset: 0 }, { selected: 0, offset: 0 }],
    ["pageDown", { selected: 3, offset: 0 }, { selected: 13, offset: 10 }],
    ["pageDown", { selected: 95, offset: 88 }, { selected: 99, offset: 90 }],
    ["pageUp", { selected: 13, offset: 10 }, { selected: 3, offset: 0 }],
    ["first", { selected: 50, offset: 45 }, { selected: 0, offset: 0 }],
    ["last", { selected: 0, offset: 0 }, { selected: 99, offset: 90 }],
  ] as const)("%s", (move, from, to) => {
    expect(moveTable(from, move, extent)).toEqual(to);
  });

  it("goes to a row, and stays inside a list that became shorter or empty", () => {
    expect(moveTable({ selected: 0, offset: 0 }, { to: 42 }, extent)).toEqual({ selected: 42, offset: 33 });
    expect(moveTable({ selected: 99, offset: 90 }, { to: 99 }, { total: 5, height: 10 })).toEqual({
      selected: 4,
      offset: 0,
    });
    expect(moveTable({ selected: 3, offset: 0 }, "down", { total: 0, height: 10 })).toEqual({
      selected: 0,
      offset: 0,
    });
  });

  it("follows the keys of the keymap", () => {
    expect(tableMove(textKey("j"))).toBe("down");
    expect(tableMove(textKey("G"))).toBe("last");
    expect(tableMove(namedKey("pageUp"))).toBe("pageUp");
    expect(tableMove(textKey("j", { ctrl: true }))).toBeUndefined();
  });
});
