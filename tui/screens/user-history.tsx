import type { Entry } from "../../protocol/index.ts";
import type { NoticeText } from "../components/notice.tsx";
import { Table } from "../components/table.tsx";
import { type BindingId, matches } from "../keymap.ts";
import { useNavigation } from "../navigation.ts";
import { useRemote } from "../use-remote.ts";
import { entryColumns } from "./entry-columns.ts";
import { outcomeTone } from "./entry-lines.ts";
import { Frame, useBody } from "./frame.tsx";
import { Loading } from "./loading.tsx";
import { useRows } from "./use-rows.ts";
import type { UserTabProps } from "./user.tsx";

const bindings: readonly BindingId[] = ["open", "down", "up", "nextTab", "refresh", "help", "back"];
/** The line of tabs, the blank one under it, and the column titles. */
const TABLE_CHROME = 3;
const NEWEST = 500;

/** What was done to somebody, newest first. */
export function UserHistory({ user, path, tabs }: UserTabProps) {
  const navigation = useNavigation();
  const { columns, rows } = useBody();
  const remote = useRemote("audit.query", { subject: user.id, limit: NEWEST }, ({ subject, type }) => {
    return subject?.id === user.id || type.startsWith("key.") || type.startsWith("session.");
  });
  const entries = remote.data?.items ?? [];
  const height = rows - TABLE_CHROME;
  const list = useRows(entries, height, ({ seq }) => String(seq));

  return (
    <Frame
      path={path}
      bindings={bindings}
      notice={noticeOf(remote.error, remote.data?.next ?? null)}
      onKey={(event) => {
        if (matches(event, "refresh")) remote.refresh();
        else if (matches(event, "open") && list.current)
          navigation.push({ name: "entry", entry: list.current });
        else return list.onKey(event);
        return true;
      }}
    >
      {tabs}
      {remote.loading && <Loading />}
      {remote.data && (
        <Table
          columns={entryColumns<Entry>(columns, (entry) => entry).filter(({ id }) => id !== "subject")}
          rows={list.rows}
          offset={list.offset}
          selected={list.selected}
          width={columns}
          height={height}
          rowKey={({ seq }) => String(seq)}
          tone={(entry) => (remote.stale ? "muted" : outcomeTone(entry))}
          empty="Nothing is kept."
        />
      )}
    </Frame>
  );
}

/** Says so where there is more than is shown. */
function noticeOf(error: Error | null, next: number | null): NoticeText | undefined {
  if (error) return { text: error.message, tone: "danger" };
  if (next === null) return undefined;
  return { text: `The newest ${NEWEST}; the audit (:audit) goes further back`, tone: "muted" };
}
