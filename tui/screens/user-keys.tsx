import { useState } from "react";
import type { ApiKey } from "../../protocol/index.ts";
import { Confirm } from "../components/confirm.tsx";
import type { NoticeText } from "../components/notice.tsx";
import { type BindingId, matches } from "../keymap.ts";
import { useNavigation } from "../navigation.ts";
import type { InputEvent } from "../terminal/input-events.ts";
import { useAction } from "../use-action.ts";
import { useNow } from "../use-now.ts";
import { useRemote } from "../use-remote.ts";
import { useSession } from "../use-session.ts";
import { Frame, useBody } from "./frame.tsx";
import { isLive, keyColumns, keyTone, usageText } from "./key-columns.ts";
import { TabTable, useTabHeight } from "./tab-table.tsx";
import { useRows } from "./use-rows.ts";
import type { UserTabProps } from "./user.tsx";

const bindings: readonly BindingId[] = [
  "create",
  "rotate",
  "edit",
  "revoke",
  "help",
  "nextTab",
  "back",
  "refresh",
];
const needs = {
  create: "keys.create",
  edit: "keys.update",
  rotate: "keys.rotate",
  revoke: "keys.revoke",
} as const;
const AGE_MS = 10_000;
/** A user has at most 100 live keys; ended ones are dropped after 90 days. */
const MOST_KEYS = 500;

/** Somebody's API keys. */
export function UserKeys({ user, path, tabs }: UserTabProps) {
  const session = useSession();
  const navigation = useNavigation();
  const action = useAction();
  const now = useNow(AGE_MS);
  const { columns } = useBody();
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  const [said, setSaid] = useState<NoticeText | undefined>();
  const remote = useRemote("keys.list", { user: user.id, limit: MOST_KEYS }, ({ type }) =>
    type.startsWith("key."),
  );
  const keys = remote.data?.items ?? [];
  const height = useTabHeight();
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
    if (matches(event, "create")) navigation.push({ name: "newKey", owner: user, onMade: list.select });
    else if (matches(event, "refresh")) remote.refresh();
    else if (matches(event, "rotate") && current) rotate(current);
    else if (matches(event, "edit") && current) edit(current);
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

  function edit(key: ApiKey): void {
    if (isLive(key)) navigation.push({ name: "editKey", apiKey: key });
    else setSaid({ text: endedText(key), tone: "warning" });
  }

  function askRevoke(key: ApiKey): void {
    if (isLive(key)) setRevoking(key);
    else setSaid({ text: endedText(key), tone: "warning" });
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
      <TabTable
        tabs={tabs}
        loading={remote.loading}
        known={remote.data !== null}
        columns={keyColumns(now)}
        rows={list.rows}
        offset={list.offset}
        selected={list.selected}
        tone={(key) => (remote.stale ? "muted" : keyTone(key))}
        empty={`${user.username} has no keys: n makes one.`}
      />
    </Frame>
  );
}

function endedText({ name, status }: ApiKey): string {
  return `The key ${name} has ended already (${status})`;
}
