import type { PresenceEntry } from "../../protocol/index.ts";
import type { Needs } from "../access.ts";
import { timeText } from "../components/date-time.ts";
import type { Column } from "../components/table.tsx";
import { relative } from "./times.ts";

/** What the keys that change an entry of the board call. */
export const presenceNeeds = {
  setPresence: "presence.set",
  clearPresence: "presence.clear",
} as const satisfies Needs;

/** The columns of the board; times are told from `now`. */
export function presenceColumns(now: number): Column<PresenceEntry>[] {
  return [
    { id: "username", title: "User name", width: 14, priority: 6, cell: ({ username }) => username },
    { id: "fullName", title: "Full name", width: 14, priority: 3, cell: ({ fullName }) => fullName },
    { id: "status", title: "Status", width: 14, priority: 5, cell: ({ status }) => status },
    { id: "back", title: "Back", width: 12, priority: 4, cell: (entry) => shortBack(entry, now) },
    { id: "message", title: "Message", width: 12, grow: true, priority: 2, cell: ({ message }) => message },
    { id: "said", title: "Said", width: 8, priority: 1, cell: ({ updatedAt }) => relative(updatedAt, now) },
  ];
}

/** When somebody is back, in the local time of whoever reads. */
export function backText({ returnAt }: PresenceEntry, now: number): string {
  return returnAt === null ? "-" : `${timeText(returnAt)} (${relative(returnAt, now)})`;
}

/** `14:30` today, otherwise the day. */
function shortBack({ returnAt }: PresenceEntry, now: number): string {
  if (returnAt === null) return "-";
  const [day = "", time = ""] = timeText(returnAt).split(" ");
  const [today] = timeText(new Date(now).toISOString()).split(" ");
  return day === today ? time : day;
}
