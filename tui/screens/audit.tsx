import { useContext, useEffect, useState, useSyncExternalStore } from "react";
import type { Entry } from "../../protocol/index.ts";
import { AuditTrail, type AuditView } from "../audit-trail.ts";
import { tableMove } from "../components/table-state.ts";
import { type BindingId, matches } from "../keymap.ts";
import { ShownContext, useNavigation } from "../navigation.ts";
import type { InputEvent } from "../terminal/input-events.ts";
import { useOnline, useSession } from "../use-session.ts";
import { parseAuditFilter } from "./audit-filter.ts";
import { entryColumns } from "./entry-columns.ts";
import { outcomeTone } from "./entry-lines.ts";
import { Frame, useBody } from "./frame.tsx";
import { ListBody, useListHeight } from "./list-body.tsx";
import { filterBindings, useFilter } from "./use-filter.ts";
import { noticeOf } from "./use-remote-table.tsx";

const bindings: readonly BindingId[] = ["open", "filter", "down", "up", "back", "help", "refresh"];
/** What was denied or failed is no event: it is looked for this often. */
const POLL_MS = 5000;

/** What happened and what was tried, newest first; `filter` is what the filter line begins with. */
export function AuditScreen({ filter: initial = "" }: { filter?: string }) {
  const navigation = useNavigation();
  const online = useOnline();
  const { columns } = useBody();
  const filter = useFilter((line) => parseAuditFilter(line, Date.now()), initial);
  const { trail, view } = useAuditTrail(filter.filter);

  function onKey(event: InputEvent): boolean {
    if (filter.typing) return filter.onKey(event);
    const move = tableMove(event);
    if (move) trail.move(move);
    else if (matches(event, "open") && view.current) navigation.push({ name: "entry", entry: view.current });
    else if (matches(event, "refresh")) trail.refresh();
    else if (matches(event, "clear") && filter.line !== "") filter.clear();
    else return filter.onKey(event);
    return true;
  }

  const stale = !online || view.error !== null || view.outdated;
  return (
    <Frame
      path={["Audit"]}
      bindings={filter.typing ? filterBindings : bindings}
      notice={noticeOf(filter.problem, view.error)}
      onKey={onKey}
    >
      <ListBody
        filter={filter}
        placeholder="actor:mia type:key.rotated outcome:denied from:7d, or a name"
        count={countText(view)}
        known={!view.loading}
        failed={view.error !== null}
        columns={entryColumns<Entry>(columns, (entry) => entry)}
        rows={view.rows}
        offset={view.offset}
        selected={view.selected}
        rowKey={({ seq }) => String(seq)}
        tone={(entry) => (stale ? "muted" : outcomeTone(entry))}
        empty="Nothing has happened yet."
      />
    </Frame>
  );
}

function useAuditTrail(filter: Parameters<AuditTrail["ask"]>[0]) {
  const session = useSession();
  const online = useOnline();
  const shown = useContext(ShownContext);
  const height = useListHeight();
  const [trail] = useState(
    () =>
      new AuditTrail({
        query: (params) => session.call("audit.query", params),
        tip: () => session.call("audit.tip", {}),
      }),
  );
  const view = useSyncExternalStore(
    (watcher) => trail.watch(watcher),
    () => trail.view,
  );
  useEffect(() => trail.ask(filter), [trail, filter]);
  useEffect(() => trail.resize(height), [trail, height]);
  useEffect(() => {
    if (!online || !shown) return;
    trail.refresh();
    const timer = setInterval(() => trail.changed(), POLL_MS);
    const unfollow = session.follow(() => trail.changed());
    return () => {
      clearInterval(timer);
      unfollow();
    };
  }, [trail, session, online, shown]);
  useEffect(() => () => trail.stop(), [trail]);
  return { trail, view };
}

function countText({ total, more, outdated }: AuditView): string {
  if (outdated) return "…";
  const number = total.toLocaleString("en");
  return more ? `${number} shown, older ones below` : `${number} ${total === 1 ? "entry" : "entries"}`;
}
