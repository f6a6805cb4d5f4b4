import { useState } from "react";
import type { ApiKey } from "../../protocol/index.ts";
import { Confirm } from "../components/confirm.tsx";
import type { NoticeText } from "../components/notice.tsx";
import { type Column, Table } from "../components/table.tsx";
import { type BindingId, matches } from "../keymap.ts";
import { useNavigation } from "../navigation.ts";
import type { InputEvent } from "../terminal/input-events.ts";
import type { Tone } from "../theme.ts";
import { useAction } from "../use-action.ts";
import { useNow } from "../use-now.ts";
import { useRemote } from "../use-remote.ts";
import { useSession } from "../use-session.ts";
import { Frame, useBody } from "./frame.tsx";
import { Loading } from "./loading.tsx";
import { relative, span } from "./times.ts";
import { useRows } from "./use-rows.ts";
import type { UserTabProps } from "./user.tsx";

const bindings: readonly BindingId[] = ["create", "rotate", "revoke", "help", "nextTab", "back", "refresh"];
const needs = { create: "keys.create", rotate: "keys.rotate", revoke: "keys.revoke" } as const;
/** The line of tabs, the blank one under it, and the column titles. */
const TABLE_CHROME = 3;
const AGE_MS = 10_000;
/** A user has at most 100 live keys; ended ones are dropped after 90 days. */
const MOST_KEYS = 500;

/** Somebody's API keys. */
export function UserKeys({ user, path, tabs }: UserTabProps) {
  const session = useSession();
  const navigation = useNavigation();
  const action = useAction();
  const now = useNow(AGE_MS);
  const { columns, rows } = useBody();
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  const [said, setSaid] = useState<NoticeText | undefined>();
  const remote = useRemote("keys.list", { user: user.id, limit: MOST_KEYS }, ({ type }) =>
    type.startsWith("key."),
  );
  const keys = remote.data?.items ?? [];
  const height = rows - TABLE_CHROME;
  const list = useRows(keys, height, ({ id }) => id);
  const { current } = list;

  const revoke = (key: ApiKey) =>
    void action.run(async () => {
      setRevoking(null);
      await session.call("keys.revoke", { id: key.id });
      setSaid({ text: `The key ${key.name} is revoked`, tone: "good" });
      remote.refresh();
    });

  function onKey(event: InputEvent): boolean {
    if (matches(event, "create")) navigation.push({ name: "newKey", owner: user });
    else if (matches(event, "refresh")) remote.refresh();
    else if (matches(event, "rotate") && current) rotate(current);
    else if (matches(event, "revoke") && current) askRevoke(current);
    else return list.onKey(event);
    return true;
  }

  function rotate(key: ApiKey): void {
    if (key.status === "active") navigation.push({ name: "rotateKey", apiKey: key });
    else
      setSaid({
        text: `The key ${key.name} is ${key.status}: only an active key can be rotated`,
        tone: "warning",
      });
  }

  function askRevoke(key: ApiKey): void {
    if (isLive(key)) setRevoking(key);
    else setSaid({ text: `The key ${key.name} has ended already (${key.status})`, tone: "warning" });
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
        revoking && (
          <Confirm
            question={`Revoke the key ${revoking.name} (${revoking.hint}…) of ${user.username}?`}
            consequences={[
              usageText(revoking, now),
              "It stops at once, open connections included, and never works again.",
            ]}
            deed="Revoke"
            width={columns}
            onConfirm={() => revoke(revoking)}
            onCancel={() => setRevoking(null)}
          />
        )
      }
    >
      {tabs}
      {remote.loading && <Loading />}
      {remote.data && (
        <Table
          columns={keyColumns(now)}
          rows={list.rows}
          offset={list.offset}
          selected={list.selected}
          width={columns}
          height={height}
          rowKey={(key) => key.id}
          tone={(key) => (remote.stale ? "muted" : keyTone(key))}
          empty={`${user.username} has no keys: n makes one.`}
        />
      )}
    </Frame>
  );
}

function keyColumns(now: number): Column<ApiKey>[] {
  return [
    { id: "name", title: "Name", width: 14, grow: true, priority: 7, cell: (key) => key.name },
    { id: "status", title: "Status", width: 8, priority: 6, cell: (key) => key.status },
    { id: "hint", title: "Hint", width: 8, priority: 1, cell: (key) => key.hint },
    { id: "age", title: "Age", width: 4, priority: 2, align: "right", cell: (key) => age(key, now) },
    { id: "used", title: "Last used", width: 9, priority: 5, cell: (key) => relative(key.lastUsedAt, now) },
    { id: "open", title: "Open", width: 4, priority: 3, align: "right", cell: openCount },
    { id: "ends", title: "Ends", width: 8, priority: 4, cell: (key) => endOf(key, now) },
  ];
}

function age(key: ApiKey, now: number): string {
  return span(now - Date.parse(key.createdAt));
}

function openCount({ openConnections }: ApiKey): string {
  return openConnections === 0 ? "-" : String(openConnections);
}

function endOf(key: ApiKey, now: number): string {
  if (!isLive(key)) return "ended";
  const end = key.graceUntil ?? key.expiresAt;
  return end === null ? "never" : relative(end, now);
}

function isLive({ status }: ApiKey): boolean {
  return status === "active" || status === "retiring";
}

function keyTone(key: ApiKey): Tone {
  if (key.status === "retiring") return "warning";
  return isLive(key) ? "plain" : "muted";
}

/** How much a key is in use, in a sentence. */
export function usageText({ lastUsedAt, openConnections, useCount }: ApiKey, now: number): string {
  if (lastUsedAt === null) return "It has never been used.";
  const open = openConnections === 1 ? "1 open connection" : `${openConnections} open connections`;
  return `Last used ${relative(lastUsedAt, now)}, ${useCount.toLocaleString("en")} times in all; ${open}.`;
}
