import type { Entry } from "../../protocol/index.ts";
import type { Column } from "../components/table.tsx";
import { changedFields, subjectText } from "./entry-lines.ts";

/** From this width on, the instant is told with its year. */
const ROOMY = 120;

/** The columns of the audit and of the events, for rows that hold an entry or, where one is missing, none. */
export function entryColumns<Row>(width: number, entryOf: (row: Row) => Entry | null): Column<Row>[] {
  const roomy = width >= ROOMY;
  const column = (
    rest: Omit<Column<Row>, "cell">,
    cell: (entry: Entry) => string,
    missing = "",
  ): Column<Row> => ({
    ...rest,
    cell(row) {
      const entry = entryOf(row);
      return entry ? cell(entry) : missing;
    },
  });
  return [
    column(
      { id: "at", title: "When (UTC)", width: roomy ? 19 : 14, priority: 6 },
      ({ at }) => `${at.slice(roomy ? 0 : 5, 10)} ${at.slice(11, 19)}`,
    ),
    column({ id: "type", title: "What", width: 20, priority: 5 }, ({ type }) => type, "changes were missed"),
    column(
      { id: "actor", title: "Who", width: roomy ? 28 : 12, priority: 4 },
      ({ actor }) => actor.name ?? actor.kind,
    ),
    column({ id: "subject", title: "About", width: roomy ? 28 : 12, priority: 2 }, subjectText),
    column({ id: "detail", title: "Changed", width: 12, grow: true, priority: 3 }, detailOf),
  ];
}

/** What went wrong, and how often; else the fields that changed. */
function detailOf(entry: Entry): string {
  const { outcome, count } = entry;
  const times = count > 1 ? ` ×${count}` : "";
  return [outcome === "ok" ? "" : outcome + times, changedFields(entry).join(", ")]
    .filter(Boolean)
    .join(": ");
}
