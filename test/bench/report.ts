import type { Figures } from "./rounds.ts";

/** A figure to reach, and what was reached. */
export interface Goal {
  what: string;
  bound: "at least" | "at most";
  goal: number;
  /** Null where it could not be measured. */
  reached: number | null;
}

/** One measurement: the first row is the limit that `ratio` refers to. */
export interface Table {
  title: string;
  rows: Figures[];
  goals: Goal[];
}

const headings = [
  "",
  "a second",
  "of limit",
  "server µs",
  "load busy",
  "p50 ms",
  "p99 ms",
  "spread",
  "disturbed",
];

/** The table for people: rows, then each goal with what was reached. */
export function renderTable({ title, rows, goals }: Table): string {
  const cells = [headings, ...rows.map(renderRow)];
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

function renderRow(row: Figures): string[] {
  return [
    row.name,
    number(row.rate),
    number(row.ratio),
    number(row.serverMicroseconds),
    percent(row.loadBusy),
    number(row.p50),
    number(row.p99),
    percent(row.spread),
    String(row.disturbed),
  ];
}

function renderGoal(goal: Goal): string {
  const met = isMet(goal);
  const verdict = met === null ? "not measured here" : met ? "reached" : "missed";
  return `goal: ${goal.what} ${goal.bound} ${number(goal.goal)}: ${exact(goal.reached)}, ${verdict}`;
}

/** Three significant digits below 100, whole numbers with thousands' commas above. */
function number(value: number | null): string {
  if (value === null) return "-";
  if (value >= 100) return Math.round(value).toLocaleString("en-US");
  return value.toFixed(value >= 10 ? 1 : 2);
}

/** One digit more than the goal, so that a near miss is seen to be one. */
function exact(value: number | null): string {
  return value === null || value >= 100 ? number(value) : value.toFixed(3);
}

function percent(value: number | null): string {
  return value === null ? "-" : `${Math.round(value * 100)} %`;
}
