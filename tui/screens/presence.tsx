import type { PresenceEntry } from "../../protocol/index.ts";
import type { NoticeText } from "../components/notice.tsx";
import { type BindingId, matches } from "../keymap.ts";
import { useNavigation } from "../navigation.ts";
import type { ReadStretch } from "../remote-list.ts";
import type { InputEvent } from "../terminal/input-events.ts";
import { useAction } from "../use-action.ts";
import { useNow } from "../use-now.ts";
import { useRemote } from "../use-remote.ts";
import { useSession, useSessionSnapshot } from "../use-session.ts";
import { Frame, useBody } from "./frame.tsx";
import {
  type BoardFilter,
  type BoardRow,
  ownEntry,
  parseBoardFilter,
  presenceColumns,
  presenceNeeds,
} from "./presence-list.ts";
import { type ListQuery, useRemoteTable } from "./use-remote-table.tsx";

const rowBindings: readonly BindingId[] = ["setPresence", "clearPresence", "open"];
const after: readonly BindingId[] = ["filter", "help", "back", "refresh"];
const needs = { ...presenceNeeds, open: "users.get" } as const;
const AGE_MS = 30_000;

/** The board: who is where, and back when. */
export function PresenceScreen() {
  const session = useSession();
  const navigation = useNavigation();
  const { principal } = useSessionSnapshot();
  const action = useAction();
  const now = useNow(AGE_MS);
  const { columns } = useBody();
  const offered = useRemote("presence.statuses", {}, () => false);
  const [available] = offered.data?.statuses ?? [];
  const read: ReadStretch<BoardRow, ListQuery<BoardFilter, never>> = async ({ filter }, stretch) => {
    const page = await session.call("presence.list", { ...filter, ...stretch });
    return { ...page, items: page.items.map((entry) => ({ ...entry, id: entry.userId })) };
  };
  const table = useRemoteTable({
    read,
    concerns: ({ type }) => type.startsWith("presence.") || type.startsWith("user."),
    parse: parseBoardFilter,
    columns: presenceColumns(now, columns),
    tone: ({ status }) => (status === available ? "plain" : "warning"),
    nouns: ["person", "people"],
    placeholder: "status:out, or part of a name",
    empty: "Nobody is on the board.",
  });
  const row = table.view.current;

  const clear = ({ userId }: PresenceEntry) =>
    void action.run(async () => {
      await session.call("presence.clear", { user: userId });
      table.list.refresh();
    });
  const sayOwn = () =>
    void action.run(async () => navigation.push({ name: "setPresence", entry: await ownEntry(session) }));

  function onKey(event: InputEvent): boolean {
    if (table.onKey(event)) return true;
    if (matches(event, "ownPresence") && principal?.kind === "session") sayOwn();
    else return row !== undefined && onRowKey(event, row);
    return true;
  }

  function onRowKey(event: InputEvent, entry: PresenceEntry): boolean {
    if (matches(event, "setPresence")) navigation.push({ name: "setPresence", entry });
    else if (matches(event, "clearPresence")) clear(entry);
    else if (matches(event, "open"))
      navigation.push({ name: "user", id: entry.userId, username: entry.username });
    else return false;
    return true;
  }

  const own: readonly BindingId[] = principal?.kind === "session" ? ["ownPresence"] : [];
  return (
    <Frame
      path={["Presence"]}
      bindings={table.bindings([...own, ...rowBindings, ...after])}
      needs={needs}
      about={row?.userId}
      notice={table.notice ?? failure(action.error)}
      onKey={onKey}
    >
      {table.body}
    </Frame>
  );
}

function failure(error: Error | null): NoticeText | undefined {
  return error ? { text: error.message, tone: "danger" } : undefined;
}
