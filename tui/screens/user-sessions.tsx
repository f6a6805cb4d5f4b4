import { useState } from "react";
import type { Session } from "../../protocol/index.ts";
import { Confirm } from "../components/confirm.tsx";
import type { NoticeText } from "../components/notice.tsx";
import { type BindingId, matches } from "../keymap.ts";
import type { InputEvent } from "../terminal/input-events.ts";
import { useAction } from "../use-action.ts";
import { useNow } from "../use-now.ts";
import { useRemote } from "../use-remote.ts";
import { useSession } from "../use-session.ts";
import { Frame, useBody } from "./frame.tsx";
import { sessionColumns } from "./session-columns.ts";
import { TabTable, useTabHeight } from "./tab-table.tsx";
import { ago } from "./times.ts";
import { useRows } from "./use-rows.ts";
import type { UserTabProps } from "./user.tsx";

const bindings: readonly BindingId[] = ["endSession", "endSessions", "nextTab", "refresh", "help", "back"];
const needs = { endSession: "sessions.revoke", endSessions: "sessions.revokeAll" } as const;
const AGE_MS = 10_000;
/** A user has at most 100. */
const MOST_SESSIONS = 500;

/** Where somebody is signed in. */
export function UserSessions({ user, path, tabs }: UserTabProps) {
  const session = useSession();
  const action = useAction();
  const now = useNow(AGE_MS);
  const { columns } = useBody();
  const [ending, setEnding] = useState<Session | "all" | null>(null);
  const [said, setSaid] = useState<NoticeText | undefined>();
  const remote = useRemote(
    "sessions.list",
    { user: user.id, limit: MOST_SESSIONS },
    ({ type }) => type.startsWith("session.") || type.startsWith("user."),
  );
  const sessions = remote.data?.items ?? [];
  const height = useTabHeight();
  const list = useRows(sessions, height, ({ id }) => id);

  const end = (which: Session | "all") =>
    void action.run(async () => {
      setEnding(null);
      const { revoked } =
        which === "all"
          ? await session.call("sessions.revokeAll", { user: user.id })
          : await session.call("sessions.revoke", { id: which.id });
      setSaid({ text: `${countOf(revoked)} of ${user.username} ended`, tone: "good" });
      remote.refresh();
    });

  function onKey(event: InputEvent): boolean {
    if (matches(event, "refresh")) remote.refresh();
    else if (matches(event, "endSession")) setEnding(list.current ?? null);
    else if (matches(event, "endSessions")) setEnding(sessions.length > 0 ? "all" : null);
    else return list.onKey(event);
    return true;
  }

  const error = action.error ?? remote.error;
  return (
    <Frame
      path={path}
      bindings={bindings}
      needs={needs}
      about={user.id}
      notice={error ? { text: error.message, tone: "danger" } : said}
      onKey={onKey}
      dialog={
        ending && (
          <Confirm
            question={
              ending === "all"
                ? `End all sessions of ${user.username}?`
                : `End the session of ${user.username} that began ${ago(ending.createdAt, now)}?`
            }
            consequences={consequencesOf(ending, sessions)}
            deed="End"
            width={columns}
            onConfirm={() => end(ending)}
            onCancel={() => setEnding(null)}
          />
        )
      }
    >
      <TabTable
        tabs={tabs}
        loading={remote.loading}
        known={remote.data !== null}
        columns={sessionColumns(now)}
        rows={list.rows}
        offset={list.offset}
        selected={list.selected}
        tone={() => (remote.stale ? "muted" : "plain")}
        empty={`${user.username} is signed in nowhere.`}
      />
    </Frame>
  );
}

function consequencesOf(ending: Session | "all", sessions: readonly Session[]): string[] {
  const lines = ["Open connections are closed at once; API keys go on working."];
  if (ending !== "all") return ending.current ? [...lines, "It is the one that you are using."] : lines;
  const others = sessions.some(({ current }) => current) ? sessions.length - 1 : sessions.length;
  const kept = others === sessions.length ? "" : "; the one that you are using stays";
  return [`${countOf(others)} will end${kept}.`, ...lines];
}

function countOf(sessions: number): string {
  return sessions === 1 ? "1 session" : `${sessions} sessions`;
}
