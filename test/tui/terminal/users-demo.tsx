import { Box, Text } from "ink";
import { useState } from "react";
import { Footer } from "../../../tui/components/footer.tsx";
import { Header } from "../../../tui/components/header.tsx";
import { type Column, Table } from "../../../tui/components/table.tsx";
import { moveTable, useTableKeys } from "../../../tui/components/table-state.ts";
import { useSize } from "../../../tui/terminal/context.tsx";

interface DemoUser {
  readonly name: string;
  readonly fullName: string;
  readonly roles: string;
  readonly keys: number;
  readonly seen: string;
}

const TOTAL = 100_000;

const columns: readonly Column<DemoUser>[] = [
  { id: "name", title: "User", width: 14, priority: 9, cell: (user) => user.name },
  { id: "fullName", title: "Full name", width: 18, grow: true, priority: 5, cell: (user) => user.fullName },
  { id: "roles", title: "Roles", width: 12, priority: 4, cell: (user) => user.roles },
  { id: "keys", title: "Keys", width: 4, priority: 3, align: "right", cell: (user) => String(user.keys) },
  { id: "seen", title: "Last login", width: 16, priority: 6, cell: (user) => user.seen },
];

/** A users screen over a hundred thousand made-up people, to measure what a key costs. */
export function UsersDemo({ person = alike }: { person?: (at: number) => DemoUser }) {
  const { columns: width, rows } = useSize();
  const [state, setState] = useState({ selected: 0, offset: 0 });
  const height = rows - 4;
  useTableKeys((move) => setState(moveTable(state, move, { total: TOTAL, height })));
  const shown = Array.from({ length: height }, (_, index) => person(state.offset + index));
  return (
    <Box flexDirection="column">
      <Header path={["Users"]} target="unix:rosterd.sock" user="root" connection="live" width={width} />
      <Text>{`${state.selected + 1} of ${TOTAL}`}</Text>
      <Table
        columns={columns}
        rows={shown}
        offset={state.offset}
        selected={state.selected}
        width={width}
        height={height}
        sort={{ column: "name", descending: false }}
      />
      <Footer bindings={["open", "filter", "create", "edit", "toggle", "help"]} width={width} />
    </Box>
  );
}

/** Everybody is somebody else in every column, as real people are. */
export function stranger(at: number): DemoUser {
  const first = pick(
    ["Ada", "Grace", "Hedy", "Katherine", "Radia", "Barbara", "Frances", "Margaret"],
    at * 7,
  );
  const last = pick(["Lovelace", "Hopper", "Lamarr", "Johnson", "Perlman", "Liskov", "Allen"], at * 5);
  return {
    name: `${first.toLowerCase()}.${at % 97}`,
    fullName: `${first} ${last}`,
    roles: pick(["viewer", "operator", "designer"], at),
    keys: at % 4,
    seen: `${(at % 9) + 1} d ago`,
  };
}

/** Names as the world has them: wide, joined, combined, and emoji of several characters. */
export function worldly(at: number): DemoUser {
  const name = pick(
    ["漢字かな", "Zoë", "👩‍🔬 Marie", "한글", "क्षितिज", "e\u0301clair", "🇩🇪 Jörg", "ﾊﾝｶｸ", "❤️ heart"],
    at,
  );
  return {
    ...stranger(at),
    name: `${name}${at % 10}`,
    fullName: pick(["佐藤", "👨‍👩‍👧 Family", "Søren", "x\u0301\u0302"], at),
  };
}

function pick(names: readonly string[], at: number): string {
  return names[at % names.length] ?? "";
}

function alike(at: number): DemoUser {
  return {
    name: `user${String(at).padStart(6, "0")}`,
    fullName: `Person Number ${at}`,
    roles: at % 7 === 0 ? "operator" : "member",
    keys: at % 5 === 0 ? 1 : 0,
    seen: at % 3 === 0 ? `2026-11-${String((at % 28) + 1).padStart(2, "0")} 10:30` : "never",
  };
}
