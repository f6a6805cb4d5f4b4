/** A figure to reach, and what was reached. */
export interface Goal {
  what: string;
  bound: "at least" | "at most";
  goal: number;
  /** Null where it could not be measured. */
  reached: number | null;
}

/** A figure of each row: its member, what stands above it, and how it is written. */
export interface Column {
  of: string;
  heading: string;
  as: (value: number | null) => string;
}

/** A row's figures, by member. */
export type Row = { name: string } & { [figure: string]: number | null | string };

/** One measurement. */
export interface Table {
  title: string;
  /** Absent: those of `Figures`, whose first row is the limit that `ratio` refers to. */
  columns?: readonly Column[];
  rows: readonly Row[];
  goals: Goal[];
}

const rateColumns: readonly Column[] = [
  { of: "rate", heading: "a second", as: number },
  { of: "ratio", heading: "of limit", as: number },
  { of: "serverMicroseconds", heading: "server µs", as: number },
  { of: "loadBusy", heading: "load busy", as: percent },
  { of: "p50", heading: "p50 ms", as: number },
  { of: "p99", heading: "p99 ms", as: number },
  { of: "spread", heading: "spread", as: percent },
  { of: "disturbed", heading: "disturbed", as: String },
];

/** The table for people: rows, then each goal with what was reached. */
export function renderTable({ title, columns = rateColumns, rows, goals }: Table): string {
  const headings = ["", ...columns.map(({ heading }) => heading)];
  const cells = [headings, ...rows.map((row) => renderRow(row, columns))];
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const lines = cells.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("  "),
  );
  return [title, ...lines, ...goals.map(renderGoal), ""].join("\n");
}

/** Whether the goal is met; null where it could not be measured. */
export function isMet({ bound, goal, reached }: Goal): boolean | null {
  if (reached === null) return null;
  return bound === "at least" ? reached >= goal : reached <= goal;
}

function renderRow(row: Row, columns: readonly Column[]): string[] {
  return [
    row.name,
    ...columns.map(({ of, as }) => {
      const value = row[of] ?? null;
      return typeof value === "string" ? value : as(value);
    }),
  ];
}

function renderGoal(goal: Goal): string {
  const met = isMet(goal);
  const verdict = met === null ? "not measured here" : met ? "reached" : "missed";
  return `goal: ${goal.what} ${goal.bound} ${number(goal.goal)}: ${exact(goal.reached)}, ${verdict}`;
}

/** Three significant digits below 100, whole numbers with thousands' commas above. */
export function number(value: number | null): string {
  if (value === null) return "-";
  if (value >= 100) return Math.round(value).toLocaleString("en-US");
  return value.toFixed(value >= 10 ? 1 : 2);
}

/** One digit more than the goal, so that a near miss is seen to be one. */
function exact(value: number | null): string {
  return value === null || value >= 100 ? number(value) : value.toFixed(3);
}

export function percent(value: number | null): string {
  return value === null ? "-" : `${Math.round(value * 100)} %`;
}
