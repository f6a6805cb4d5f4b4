import { useEffect } from "react";
import type { Params, Session } from "../../protocol/index.ts";
import { type BindingId, matches } from "../keymap.ts";
import { useNavigation } from "../navigation.ts";
import type { ReadStretch } from "../remote-list.ts";
import type { InputEvent } from "../terminal/input-events.ts";
import { useNow } from "../use-now.ts";
import { useSession } from "../use-session.ts";
import { type FilterTerms, parseTerms } from "./filter-terms.ts";
import { Frame } from "./frame.tsx";
import { allSessionsColumns } from "./session-columns.ts";
import { relative } from "./times.ts";
import { type BulkTask, useBulk } from "./use-bulk.tsx";
import { type ListQuery, useRemoteTable } from "./use-remote-table.tsx";

type SessionFilter = Omit<Params<"sessions.list">, "allUsers" | "offset" | "limit">;

const bindings: readonly BindingId[] = [
  "open",
  "filter",
  "mark",
  "endSession",
  "help",
  "back",
  "range",
  "refresh",
];
const needs = { endSession: "sessions.revoke" } as const;
/** Being seen is no event: the list is read anew this often. */
const POLL_MS = 10_000;
const MOST_NAMED = 5;

const terms: FilterTerms<SessionFilter> = {
  fields: new Map([["user", (user: string): SessionFilter => ({ user })]]),
  text: (text) => ({ text }),
};

/** Where everybody is signed in. */
export function SessionsScreen() {
  const session = useSession();
  const navigation = useNavigation();
  const now = useNow(POLL_MS);
  const bulk = useBulk();
  const read: ReadStretch<Session, ListQuery<SessionFilter, never>> = ({ filter }, { offset, limit }) =>
    session.call("sessions.list", {
      ...filter,
      ...(filter.user === undefined && { allUsers: true }),
      offset,
      limit,
    });
  const table = useRemoteTable({
    read,
    concerns: ({ type }) => type.startsWith("session.") || type.startsWith("user."),
    parse: (line) => parseTerms(line, terms),
    columns: allSessionsColumns(now),
    marks: true,
    tone: ({ current }) => (current ? "good" : "plain"),
    nouns: ["session", "sessions"],
    placeholder: "user:mia, or part of a name, client or address",
    empty: "Nobody is signed in.",
  });
  const { list, view, targets } = table;
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the time that asks for the reading.
  useEffect(() => list.changed(), [list, now]);

  function end(): void {
    bulk.start({
      ...endTask(targets, now),
      async work({ id }) {
        await session.call("sessions.revoke", { id });
      },
      onEnd: ({ failed, left }) => {
        list.keepMarked(targets.length > 1 ? [...failed.map(({ item }) => item), ...left] : []);
        list.changed();
      },
    });
  }

  function onKey(event: InputEvent): boolean {
    if (table.onKey(event)) return true;
    if (matches(event, "open") && view.current) {
      const { userId: id, username } = view.current;
      navigation.push({ name: "user", id, username, tab: "sessions" });
    } else if (matches(event, "endSession") && targets.length > 0) end();
    else return false;
    return true;
  }

  return (
    <Frame
      path={["Sessions"]}
      bindings={table.bindings(bindings)}
      needs={needs}
      about={view.current?.userId}
      notice={table.notice ?? bulk.notice}
      onKey={onKey}
      dialog={bulk.dialog}
      dialogBindings={bulk.dialogBindings}
    >
      {table.body}
    </Frame>
  );
}

function endTask(sessions: readonly Session[], now: number): Omit<BulkTask<Session>, "work" | "onEnd"> {
  const [first] = sessions;
  const own = sessions.some(({ current }) => current);
  const what =
    sessions.length === 1 && first
      ? `the session of ${first.username} that began ${relative(first.createdAt, now)}`
      : countOf(sessions.length);
  return {
    // One's own comes last: with it goes the connection.
    items: [...sessions].sort((a, b) => Number(a.current) - Number(b.current)),
    ...(own && { atOnce: 1 }),
    ask: {
      question: `End ${what}?`,
      consequences: [
        ...(sessions.length === 1 ? [] : [namesOf(sessions)]),
        "Open connections are closed at once; API keys go on working.",
        ...(own ? [`${ownWords(sessions.length)} that you are using: you will have to sign in again.`] : []),
      ],
      deed: "End",
    },
    doing: `Ending ${countOf(sessions.length)}`,
    nameOf: ({ username, client }) => `${username} (${client ?? "-"})`,
    said: (done) => `${countOf(done.length)} ended`,
  };
}

function ownWords(sessions: number): string {
  return sessions === 1 ? "It is the one" : "Among them is the one";
}

function countOf(sessions: number): string {
  return sessions === 1 ? "1 session" : `${sessions.toLocaleString("en")} sessions`;
}

function namesOf(sessions: readonly Session[]): string {
  const names = [...new Set(sessions.map(({ username }) => username))];
  const more = names.length - MOST_NAMED;
  const named = names.slice(0, MOST_NAMED).join(", ");
  return more > 0 ? `${named} and ${more.toLocaleString("en")} more` : named;
}
