import type { Entry } from "../../protocol/index.ts";
import type { AuditView } from "../audit-trail.ts";
import { tableMove } from "../components/table-state.ts";
import { type BindingId, matches } from "../keymap.ts";
import { useNavigation } from "../navigation.ts";
import type { InputEvent } from "../terminal/input-events.ts";
import { useOnline } from "../use-session.ts";
import { parseAuditFilter } from "./audit-filter.ts";
import { entryColumns } from "./entry-columns.ts";
import { outcomeTone } from "./entry-lines.ts";
import { Frame, useBody } from "./frame.tsx";
import { ListBody, useListHeight } from "./list-body.tsx";
import { useAuditTrail } from "./use-audit-trail.ts";
import { filterBindings, useFilter } from "./use-filter.ts";
import { noticeOf } from "./use-remote-table.tsx";

const bindings: readonly BindingId[] = ["open", "filter", "down", "up", "back", "help", "refresh"];

/** What happened and what was tried, newest first; `filter` is what the filter line begins with. */
export function AuditScreen({ filter: initial = "" }: { filter?: string }) {
  const navigation = useNavigation();
  const online = useOnline();
  const { columns } = useBody();
  const filter = useFilter((line) => parseAuditFilter(line, Date.now()), initial);
  const { trail, view } = useAuditTrail(filter.filter, useListHeight());

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

  const stale = !online || view.error !== null;
  return (
    <Frame
      path={["Audit"]}
      bindings={filter.typing ? filterBindings : bindings}
      notice={noticeOf(filter.problem, view.error)}
      onKey={onKey}
    >
      <ListBody
        filter={filter}
        placeholder="actor:mia type:key.rotated outcome:denied from:7d, or part of a name"
        count={countText(view)}
        known={!view.loading}
        failed={view.error !== null}
        columns={entryColumns<Entry>(columns, (entry) => entry)}
        rows={view.rows}
        offset={view.offset}
        selected={view.selected}
        tone={(entry) => (stale ? "muted" : outcomeTone(entry))}
        empty="Nothing has happened yet."
      />
    </Frame>
  );
}

function countText({ total, more, outdated }: AuditView): string {
  if (outdated) return "…";
  const number = total.toLocaleString("en");
  return more ? `${number} shown, older ones below` : `${number} ${total === 1 ? "entry" : "entries"}`;
}
