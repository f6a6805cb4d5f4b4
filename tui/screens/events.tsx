import { useEffect, useState } from "react";
import { mayCall } from "../access.ts";
import { asError } from "../as-error.ts";
import { tableMove } from "../components/table-state.ts";
import { EventLog, type EventRow, type EventView } from "../event-log.ts";
import { type BindingId, matches } from "../keymap.ts";
import { useNavigation } from "../navigation.ts";
import type { InputEvent } from "../terminal/input-events.ts";
import type { Tone } from "../theme.ts";
import { useOnline, useSession, useSessionSnapshot } from "../use-session.ts";
import { useWatched } from "../watched.ts";
import { entryColumns } from "./entry-columns.ts";
import { outcomeTone } from "./entry-lines.ts";
import { parseEventFilter } from "./event-filter.ts";
import { Frame, useBody } from "./frame.tsx";
import { ListBody, useListHeight } from "./list-body.tsx";
import { filterBindings, useFilter } from "./use-filter.ts";
import { noticeOf } from "./use-remote-table.tsx";

const bindings: readonly BindingId[] = ["open", "pause", "filter", "down", "up", "back", "help"];
/** What is read of the audit, so that the screen does not begin empty. */
const EARLIER = 50;

/** Changes as they happen. */
export function EventsScreen() {
  const navigation = useNavigation();
  const online = useOnline();
  const { columns } = useBody();
  const filter = useFilter(parseEventFilter);
  const { log, view, error } = useEventLog(filter.filter);

  function onKey(event: InputEvent): boolean {
    if (filter.typing) return filter.onKey(event);
    const move = tableMove(event);
    const entry = view.current && "entry" in view.current ? view.current.entry : null;
    if (move) log.move(move);
    else if (matches(event, "open") && entry) navigation.push({ name: "entry", entry });
    else if (matches(event, "pause")) log.pause();
    else if (matches(event, "clear") && filter.line !== "") filter.clear();
    else return filter.onKey(event);
    return true;
  }

  return (
    <Frame
      path={["Events"]}
      bindings={filter.typing ? filterBindings : bindings}
      notice={noticeOf(filter.problem, error)}
      onKey={onKey}
    >
      <ListBody
        filter={filter}
        placeholder="topic:keys,users type:key.rotated, or part of a name"
        count={countText(view)}
        known
        failed={false}
        columns={entryColumns<EventRow>(columns, (row) => ("entry" in row ? row.entry : null))}
        rows={view.rows}
        offset={view.offset}
        selected={view.selected}
        tone={(row) => (online ? toneOf(row) : "muted")}
        empty="Waiting for changes…"
      />
    </Frame>
  );
}

function useEventLog(filter: Parameters<EventLog["show"]>[0]) {
  const session = useSession();
  const { principal } = useSessionSnapshot();
  const height = useListHeight();
  const [error, setError] = useState<Error | null>(null);
  const [log] = useState(() => new EventLog());
  const view = useWatched(log);
  const mayReadAudit = mayCall(principal, "audit.query");
  useEffect(() => log.show(filter), [log, filter]);
  useEffect(() => log.resize(height), [log, height]);
  useEffect(() => session.follow((event) => log.hear(event)), [log, session]);
  useEffect(() => {
    if (!mayReadAudit) return;
    session
      .call("audit.query", { outcome: "ok", limit: EARLIER })
      .then(({ items }) => log.addEarlier(items))
      .catch((failure) => setError(asError(failure)));
  }, [log, session, mayReadAudit]);
  useEffect(() => () => log.stop(), [log]);
  return { log, view, error };
}

function toneOf(row: EventRow): Tone {
  return "entry" in row ? outcomeTone(row.entry) : "warning";
}

function countText({ total, paused, waiting }: EventView): string {
  const count = `${total.toLocaleString("en")} ${total === 1 ? "event" : "events"}`;
  return paused ? `paused, ${waiting.toLocaleString("en")} waiting, ${count}` : `following, ${count}`;
}
