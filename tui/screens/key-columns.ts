import type { ApiKey } from "../../protocol/index.ts";
import type { Column } from "../components/table.tsx";
import type { Tone } from "../theme.ts";
import { relative, span } from "./times.ts";

/** The columns of a table of one user's keys; times are told from `now`. */
export function keyColumns(now: number): Column<ApiKey>[] {
  return [
    { id: "name", title: "Name", width: 14, grow: true, priority: 8, cell: (key) => key.name },
    { id: "status", title: "Status", width: 8, priority: 7, cell: (key) => key.status },
    { id: "hint", title: "Hint", width: 8, priority: 1, cell: (key) => key.hint },
    { id: "age", title: "Age", width: 4, priority: 3, align: "right", cell: (key) => age(key, now) },
    { id: "used", title: "Last used", width: 9, priority: 6, cell: (key) => relative(key.lastUsedAt, now) },
    { id: "from", title: "From", width: 15, priority: 2, cell: fromText },
    { id: "open", title: "Open", width: 4, priority: 4, align: "right", cell: openCount },
    { id: "ends", title: "Ends", width: 8, priority: 5, cell: (key) => endOf(key, now) },
  ];
}

/** The same for everybody's keys: whose comes first. */
export function allKeysColumns(now: number): Column<ApiKey>[] {
  const owner: Column<ApiKey> = {
    id: "owner",
    title: "Owner",
    width: 14,
    priority: 9,
    cell: (key) => key.username,
  };
  return [owner, ...keyColumns(now)];
}

export function keyTone(key: ApiKey): Tone {
  if (key.status === "retiring") return "warning";
  return isLive(key) ? "plain" : "muted";
}

export function isLive({ status }: ApiKey): boolean {
  return status === "active" || status === "retiring";
}

/** How much a key is in use, in a sentence. */
export function usageText({ lastUsedAt, openConnections, useCount }: ApiKey, now: number): string {
  if (lastUsedAt === null) return "It has never been used.";
  const open = openConnections === 1 ? "1 open connection" : `${openConnections} open connections`;
  return `Last used ${relative(lastUsedAt, now)}, ${useCount.toLocaleString("en")} times in all; ${open}.`;
}

function age(key: ApiKey, now: number): string {
  return span(now - Date.parse(key.createdAt));
}

function fromText({ lastUsedAt, lastUsedFrom }: ApiKey): string {
  return lastUsedAt === null ? "-" : (lastUsedFrom ?? "the socket");
}

function openCount({ openConnections }: ApiKey): string {
  return openConnections === 0 ? "-" : String(openConnections);
}

function endOf(key: ApiKey, now: number): string {
  if (!isLive(key)) return "ended";
  const end = key.graceUntil ?? key.expiresAt;
  return end === null ? "never" : relative(end, now);
}
