import { type PresenceEntry, refusal } from "../../protocol/index.ts";
import type { Needs } from "../access.ts";
import { timeText } from "../components/date-time.ts";
import type { Column } from "../components/table.tsx";
import type { Session } from "../session.ts";
import { type FilterTerms, type ParsedFilter, parseTerms } from "./filter-terms.ts";
import { ago, relative } from "./times.ts";

/** An entry of the board as a row of a list. */
export type BoardRow = PresenceEntry & { readonly id: string };

export interface BoardFilter {
  /** A part of the user name or the full name. */
  text?: string;
  /** A part of the status. */
  status?: string;
}

const terms: FilterTerms<BoardFilter> = {
  fields: new Map([["status", (status) => ({ status })]]),
  text: (text) => ({ text }),
};

export function parseBoardFilter(line: string): ParsedFilter<BoardFilter> {
  return parseTerms(line, terms);
}

/** What the keys that change an entry of the board call. */
export const presenceNeeds = {
  setPresence: "presence.set",
  clearPresence: "presence.clear",
} as const satisfies Needs;

/** From this width on, names and statuses get more room each. */
const ROOMY = 120;

/** The columns of the board in so many cells; times are told from `now`. */
export function presenceColumns(now: number, width: number): Column<BoardRow>[] {
  const words = width >= ROOMY ? 32 : 14;
  return [
    { id: "username", title: "User name", width: words, priority: 6, cell: ({ username }) => username },
    { id: "fullName", title: "Full name", width: words, priority: 3, cell: ({ fullName }) => fullName },
    { id: "status", title: "Status", width: words, priority: 5, cell: ({ status }) => status },
    { id: "back", title: "Back", width: 12, priority: 4, cell: (entry) => shortBack(entry, now) },
    { id: "message", title: "Message", width: 12, grow: true, priority: 2, cell: ({ message }) => message },
    { id: "said", title: "Said", width: 8, priority: 1, cell: ({ updatedAt }) => ago(updatedAt, now) },
  ];
}

/** What the board says of the caller. @throws where the caller has no place on it. */
export async function ownEntry(session: Session): Promise<PresenceEntry> {
  const { username, status } = await session.call("users.get", {});
  if (status) return status;
  throw refusal("invalidState", `${username} is not on the board: "On the board" of the profile says no`);
}

/** When somebody is back, in the local time of whoever reads. */
export function backText({ returnAt }: PresenceEntry, now: number): string {
  return returnAt === null ? "-" : `${timeText(returnAt)} (${relative(returnAt, now)})`;
}

/** `14:30` today, `01-31 14:30` this year, otherwise the day. */
function shortBack({ returnAt }: PresenceEntry, now: number): string {
  if (returnAt === null) return "-";
  const [back, today] = [timeText(returnAt), timeText(new Date(now).toISOString())];
  if (back.slice(0, 10) === today.slice(0, 10)) return back.slice(11);
  return back.slice(0, 4) === today.slice(0, 4) ? back.slice(5) : back.slice(0, 10);
}
