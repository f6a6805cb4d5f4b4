import type { Session } from "../../protocol/index.ts";
import type { Column } from "../components/table.tsx";
import { ago, relative } from "./times.ts";

/** The columns of a table of one user's sessions; times are told from `now`. */
export function sessionColumns(now: number): Column<Session>[] {
  return [
    { id: "client", title: "Client (as it says)", width: 20, grow: true, priority: 6, cell: clientOf },
    { id: "address", title: "From", width: 15, priority: 4, cell: ({ address }) => address ?? "the socket" },
    { id: "begun", title: "Begun", width: 8, priority: 3, cell: ({ createdAt }) => ago(createdAt, now) },
    {
      id: "seen",
      title: "Last seen",
      width: 9,
      priority: 5,
      cell: ({ lastSeenAt }) => ago(lastSeenAt, now),
    },
    { id: "ends", title: "Ends", width: 8, priority: 2, cell: ({ expiresAt }) => relative(expiresAt, now) },
    { id: "current", title: "", width: 8, priority: 7, cell: ({ current }) => (current ? "this one" : "") },
  ];
}

/** The same for everybody's sessions: whose comes first. */
export function allSessionsColumns(now: number): Column<Session>[] {
  const owner: Column<Session> = {
    id: "owner",
    title: "User",
    width: 14,
    priority: 8,
    cell: ({ username }) => username,
  };
  return [owner, ...sessionColumns(now)];
}

function clientOf({ client }: Session): string {
  return client ?? "-";
}
