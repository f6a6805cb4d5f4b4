import { useMemo } from "react";
import type { Entry } from "../../protocol/index.ts";
import { tableMove } from "../components/table-state.ts";
import { type BindingId, matches } from "../keymap.ts";
import { useNavigation } from "../navigation.ts";
import type { InputEvent } from "../terminal/input-events.ts";
import { useOnline } from "../use-session.ts";
import { entryColumns } from "./entry-columns.ts";
import { outcomeTone } from "./entry-lines.ts";
import { Frame, useBody } from "./frame.tsx";
import { TabTable, useTabHeight } from "./tab-table.tsx";
import { useAuditTrail } from "./use-audit-trail.ts";
import type { UserTabProps } from "./user.tsx";

const bindings: readonly BindingId[] = ["open", "down", "up", "nextTab", "refresh", "help", "back"];

/** What was done to somebody, newest first, as far back as it is kept. */
export function UserHistory({ user, path, tabs }: UserTabProps) {
  const navigation = useNavigation();
  const online = useOnline();
  const { columns } = useBody();
  const filter = useMemo(() => ({ subject: user.id }), [user.id]);
  const { trail, view } = useAuditTrail(filter, useTabHeight());

  function onKey(event: InputEvent): boolean {
    const move = tableMove(event);
    if (move) trail.move(move);
    else if (matches(event, "refresh")) trail.refresh();
    else if (matches(event, "open") && view.current) navigation.push({ name: "entry", entry: view.current });
    else return false;
    return true;
  }

  const stale = !online || view.error !== null;
  return (
    <Frame
      path={path}
      bindings={bindings}
      notice={view.error ? { text: view.error.message, tone: "danger" } : undefined}
      onKey={onKey}
    >
      <TabTable
        tabs={tabs}
        loading={view.loading && view.error === null}
        known={!view.loading}
        columns={entryColumns<Entry>(columns, (entry) => entry).filter(({ id }) => id !== "subject")}
        rows={view.rows}
        offset={view.offset}
        selected={view.selected}
        tone={(entry) => (stale ? "muted" : outcomeTone(entry))}
        empty="Nothing is kept."
      />
    </Frame>
  );
}
