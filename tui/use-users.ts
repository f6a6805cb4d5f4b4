import { useEffect, useState, useSyncExternalStore } from "react";
import { useOnline, useSession } from "./use-session.ts";
import { UserList, type UserListView, type UserQuery } from "./user-list.ts";

/** The users that answer `query`, `height` of them in view; live. */
export function useUsers(query: UserQuery, height: number): { list: UserList; view: UserListView } {
  const session = useSession();
  const online = useOnline();
  const [list] = useState(() => new UserList((params) => session.call("users.list", params)));
  const view = useSyncExternalStore(
    (watcher) => list.watch(watcher),
    () => list.view,
  );

  useEffect(() => list.ask(query), [list, query]);
  useEffect(() => list.resize(height), [list, height]);
  useEffect(() => {
    if (online) list.refresh();
  }, [list, online]);
  useEffect(() => {
    const unfollow = session.follow((event) => {
      if (event.kind === "gap" || concernsUsers(event.entry.type)) list.changed();
    });
    return () => {
      unfollow();
      list.stop();
    };
  }, [list, session]);

  return { list, view };
}

/** Keys are counted in the list. */
function concernsUsers(type: string): boolean {
  return type.startsWith("user.") || type.startsWith("key.");
}
