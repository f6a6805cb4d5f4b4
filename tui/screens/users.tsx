import { Box, Text } from "ink";
import { useMemo, useState } from "react";
import type { User, UserSort } from "../../protocol/index.ts";
import type { NoticeText } from "../components/notice.tsx";
import { Table } from "../components/table.tsx";
import { tableMove } from "../components/table-state.ts";
import { TextField } from "../components/text-field.tsx";
import { type BindingId, matches } from "../keymap.ts";
import { useNavigation } from "../navigation.ts";
import type { InputEvent } from "../terminal/input-events.ts";
import { useTheme } from "../theme.ts";
import { useNow } from "../use-now.ts";
import { useOnline } from "../use-session.ts";
import { useUsers } from "../use-users.ts";
import { Frame, useBody } from "./frame.tsx";
import { Loading } from "./loading.tsx";
import { messageOf } from "./problems.ts";
import { useUserActions } from "./use-user-actions.tsx";
import { userColumns, userTone } from "./user-columns.ts";
import { hintsOn, userNeeds } from "./user-deeds.ts";
import { parseUserFilter } from "./user-filter.ts";

const sorts: readonly UserSort[] = [
  { by: "username", order: "asc" },
  { by: "username", order: "desc" },
  { by: "fullName", order: "asc" },
  { by: "fullName", order: "desc" },
  { by: "lastLoginAt", order: "desc" },
  { by: "lastLoginAt", order: "asc" },
];

const before: readonly BindingId[] = ["open", "create", "filter"];
const after: readonly BindingId[] = ["help", "quit", "sort", "undo", "refresh"];
const filterBindings: readonly BindingId[] = ["take", "clear"];

/** Filter line and column titles. */
const TABLE_CHROME = 2;
/** How often ages are drawn anew. */
const AGE_MS = 30_000;

/** All users, however many; `filter` is what the filter line begins with. */
export function UsersScreen({ filter: initial = "" }: { filter?: string }) {
  const navigation = useNavigation();
  const online = useOnline();
  const { columns, rows } = useBody();
  const now = useNow(AGE_MS);
  const [line, setLine] = useState(initial);
  const [typing, setTyping] = useState<"filter" | null>(null);
  const [sortIndex, setSortIndex] = useState(0);

  const parsed = useMemo(() => parseUserFilter(line), [line]);
  const sort = sorts[sortIndex] ?? { by: "username", order: "asc" };
  const filter = useLastGood("filter" in parsed ? parsed.filter : null, {});
  const query = useMemo(() => ({ filter, sort }), [filter, sort]);
  const height = rows - TABLE_CHROME;
  const { list, view } = useUsers(query, height);
  const actions = useUserActions({ onChanged: (user) => list.put(user) });
  const stale = !online || view.error !== null;
  const deeds = hintsOn(view.current, now);
  const bindings = [...before, ...deeds.slice(0, 2), ...after, ...deeds.slice(2)];

  function onKey(event: InputEvent): boolean {
    if (typing) return onFilterKey(event);
    const move = tableMove(event);
    if (move) list.move(move);
    else if (matches(event, "open") && view.current) openUser(view.current);
    else if (matches(event, "create")) navigation.push({ name: "newUser" });
    else if (matches(event, "filter")) setTyping("filter");
    else if (matches(event, "sort")) setSortIndex((index) => (index + 1) % sorts.length);
    else if (matches(event, "refresh")) list.refresh();
    else if (matches(event, "clear") && line !== "") setLine("");
    else return actions.onKey(event, view.current);
    return true;
  }

  function onFilterKey(event: InputEvent): boolean {
    if (matches(event, "take")) setTyping(null);
    else if (matches(event, "clear")) {
      setTyping(null);
      setLine("");
    } else return false;
    return true;
  }

  const openUser = ({ id, username }: User) => navigation.push({ name: "user", id, username });

  return (
    <Frame
      path={["Users"]}
      bindings={typing ? filterBindings : bindings}
      needs={userNeeds}
      about={view.current?.id}
      notice={"problem" in parsed ? warning(parsed.problem) : (failure(view.error) ?? actions.notice)}
      onKey={onKey}
      dialog={actions.dialog}
      dialogBindings={actions.dialogBindings}
    >
      <FilterLine
        line={line}
        typing={typing !== null}
        count={countText(view.total, line !== "")}
        width={columns}
        onChange={setLine}
      />
      {view.total === null ? (
        !view.error && <Loading />
      ) : (
        <Table
          columns={userColumns(now, columns)}
          rows={view.rows}
          offset={view.offset}
          selected={view.selected}
          width={columns}
          height={height}
          sort={{ column: sort.by, descending: sort.order === "desc" }}
          rowKey={(user) => user.id}
          tone={(user) => (stale ? "muted" : userTone(user, now))}
          empty={line === "" ? "No users yet: n makes one." : "Nobody matches."}
        />
      )}
    </Frame>
  );
}

interface FilterLineProps {
  line: string;
  typing: boolean;
  count: string;
  width: number;
  onChange(line: string): void;
}

function FilterLine({ line, typing, count, width, onChange }: FilterLineProps) {
  const theme = useTheme();
  const label = typing || line !== "" ? "Filter: " : "";
  const room = Math.max(1, width - label.length - count.length - 1);
  return (
    <Box height={1}>
      <Text {...theme.accent}>{label}</Text>
      <TextField
        value={line}
        onChange={onChange}
        focused={typing}
        width={room}
        placeholder={typing ? "role:admin active:no, or part of a name" : ""}
      />
      <Text {...theme.muted}>{` ${count}`}</Text>
    </Box>
  );
}

/** The last value that was not null: what is half typed does not empty the list. */
function useLastGood<T>(value: T | null, first: T): T {
  const [good, setGood] = useState(first);
  if (value === null || value === good) return good;
  setGood(value);
  return value;
}

function countText(total: number | null, filtered: boolean): string {
  if (total === null) return "";
  const number = total.toLocaleString("en");
  return filtered ? `${number} found` : `${number} ${total === 1 ? "user" : "users"}`;
}

function warning(text: string): NoticeText {
  return { text, tone: "warning" };
}

function failure(error: Error | null): NoticeText | undefined {
  return error ? { text: messageOf(error), tone: "danger" } : undefined;
}
