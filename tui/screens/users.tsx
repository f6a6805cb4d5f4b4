import type { User, UserFilter, UserSort } from "../../protocol/index.ts";
import { type BindingId, matches } from "../keymap.ts";
import { useNavigation } from "../navigation.ts";
import type { ReadStretch } from "../remote-list.ts";
import type { InputEvent } from "../terminal/input-events.ts";
import { useNow } from "../use-now.ts";
import { useSession } from "../use-session.ts";
import { Frame, useBody } from "./frame.tsx";
import { type ListQuery, useRemoteTable } from "./use-remote-table.tsx";
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
const after: readonly BindingId[] = ["help", "quit", "mark", "actions", "range", "sort", "undo", "refresh"];

/** How often ages are drawn anew. */
const AGE_MS = 30_000;

/** All users, however many; `filter` is what the filter line begins with. */
export function UsersScreen({ filter = "" }: { filter?: string }) {
  const session = useSession();
  const navigation = useNavigation();
  const { columns } = useBody();
  const now = useNow(AGE_MS);
  const read: ReadStretch<User, ListQuery<UserFilter, UserSort>> = (query, stretch) =>
    session.call("users.list", { ...query, ...stretch });
  const table = useRemoteTable({
    read,
    // Keys are counted in the list.
    concerns: ({ type }) => type.startsWith("user.") || type.startsWith("key."),
    parse: parseUserFilter,
    line: filter,
    sorts,
    marks: true,
    columns: userColumns(now, columns),
    tone: (user) => userTone(user, now),
    nouns: ["user", "users"],
    placeholder: "role:admin active:no, or part of a name",
    empty: "No users yet: n makes one.",
  });
  const { list, view } = table;
  const actions = useUserActions({
    onChanged: (user) => list.put(user),
    onBulkEnd: (remaining) => {
      list.keepMarked(remaining);
      list.changed();
    },
  });

  const deeds = hintsOn(view.current, now);
  const bindings = [...before, ...deeds.slice(0, 2), ...after, ...deeds.slice(2)];

  function onKey(event: InputEvent): boolean {
    if (table.onKey(event)) return true;
    if (matches(event, "open") && view.current) openUser(view.current);
    else if (matches(event, "create")) navigation.push({ name: "newUser", onMade: (id) => list.select(id) });
    else return actions.onKey(event, table.targets);
    return true;
  }

  const openUser = ({ id, username }: User) => navigation.push({ name: "user", id, username });

  return (
    <Frame
      path={["Users"]}
      bindings={table.bindings(bindings)}
      needs={userNeeds}
      about={view.current?.id}
      notice={table.notice ?? actions.notice}
      onKey={onKey}
      dialog={actions.dialog}
      dialogBindings={actions.dialogBindings}
    >
      {table.body}
    </Frame>
  );
}
