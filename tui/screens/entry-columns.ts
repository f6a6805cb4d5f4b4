import type { Entry } from "../../protocol/index.ts";
import type { Column } from "../components/table.tsx";
import { instant, relative } from "./times.ts";

/** The columns of a table of what happened; ages are told from `now`. */
export function entryColumns(now: number): Column<Entry>[] {
  return [
    { id: "at", title: "When", width: 20, priority: 5, cell: ({ at }) => instant(at) },
    { id: "age", title: "Ago", width: 8, priority: 1, cell: ({ at }) => relative(at, now) },
    { id: "type", title: "What", width: 20, priority: 6, cell: ({ type }) => type },
    { id: "actor", title: "By", width: 12, priority: 4, cell: ({ actor }) => actor.name ?? actor.kind },
    { id: "data", title: "Changed", width: 18, grow: true, priority: 3, cell: changedIn },
  ];
}

function changedIn({ data, outcome }: Entry): string {
  const changed = Array.isArray(data.changed) ? data.changed.join(", ") : "";
  return outcome === "ok" ? changed : [outcome, changed].filter(Boolean).join(": ");
}
