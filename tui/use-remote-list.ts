import { useContext, useEffect, useRef, useState } from "react";
import type { Entry } from "../protocol/index.ts";
import { ShownContext } from "./navigation.ts";
import { type ListView, type ReadStretch, RemoteList } from "./remote-list.ts";
import { useOnline, useSession } from "./use-session.ts";
import { useWatched } from "./watched.ts";

export interface RemoteListOptions<Item, Query> {
  /** What is asked for; a new object asks anew where it says something else. */
  readonly query: Query;
  /** The rows that are shown at once. */
  readonly height: number;
  readonly read: ReadStretch<Item, Query>;
  /** Whether a change may have changed the list. */
  concerns(entry: Entry): boolean;
}

/** The rows that answer `query`, `height` of them in view; live while the screen is the one that is shown. */
export function useRemoteList<Item extends { readonly id: string }, Query>(
  options: RemoteListOptions<Item, Query>,
): { list: RemoteList<Item, Query>; view: ListView<Item> } {
  const { query, height } = options;
  const session = useSession();
  const online = useOnline();
  const shown = useContext(ShownContext);
  const latest = useRef(options);
  latest.current = options;
  const [list] = useState(
    () => new RemoteList<Item, Query>((asked, stretch) => latest.current.read(asked, stretch)),
  );
  const view = useWatched(list);

  useEffect(() => list.ask(query), [list, query]);
  useEffect(() => list.resize(height), [list, height]);
  useEffect(() => {
    if (online && shown) list.refresh();
  }, [list, online, shown]);
  useEffect(() => {
    if (!shown) return;
    return session.follow((event) => {
      if (event.kind === "gap" || latest.current.concerns(event.entry)) list.changed();
    });
  }, [list, session, shown]);
  useEffect(() => () => list.stop(), [list]);

  return { list, view };
}
