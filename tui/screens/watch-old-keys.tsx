import { Text } from "ink";
import { useEffect, useRef, useState } from "react";
import type { ApiKey } from "../../protocol/index.ts";
import { type Column, Table } from "../components/table.tsx";
import { type BindingId, matches } from "../keymap.ts";
import { useNavigation } from "../navigation.ts";
import type { Session } from "../session.ts";
import type { InputEvent } from "../terminal/input-events.ts";
import { cut } from "../terminal/safe-text.ts";
import { type Tone, useTheme } from "../theme.ts";
import { useNow } from "../use-now.ts";
import { useReading } from "../use-remote.ts";
import { useSession } from "../use-session.ts";
import { Frame, useBody } from "./frame.tsx";
import { namesOf, revokeTask } from "./key-tasks.ts";
import { isSilent, quietFor } from "./silence.ts";
import { relative } from "./times.ts";
import { useBulk } from "./use-bulk.tsx";
import { useRows } from "./use-rows.ts";

const bindings: readonly BindingId[] = ["revoke", "revokeSilent", "down", "up", "back", "help"];
/** A use is no event: the old keys are read anew this often. */
const POLL_MS = 2000;
const PAGE = 500;
/** Where the secrets are, what is in use, a blank line and the column titles. */
const TABLE_CHROME = 4;

export interface WatchOldKeysProps {
  readonly previous: readonly ApiKey[];
  /** Where the new secrets are. */
  readonly file: string;
}

/** The old keys after a rotation: which are still used, and revoking those that are not. */
export function WatchOldKeys({ previous, file }: WatchOldKeysProps) {
  const session = useSession();
  const navigation = useNavigation();
  const theme = useTheme();
  const bulk = useBulk();
  const now = useNow(1000);
  const { columns, rows } = useBody();
  const [began] = useState(Date.now);
  const remote = useOldKeys(session, previous);
  const keys = remote.keys;
  const height = Math.max(1, rows - TABLE_CHROME);
  const list = useRows(keys, height, ({ id }) => id);
  const live = keys.filter(({ status }) => status === "retiring");
  const silent = live.filter((key) => isSilent(key, began, now));

  function revoke(chosen: readonly ApiKey[]): void {
    if (chosen.length === 0) return;
    const used = chosen.filter((key) => !isSilent(key, began, now)).length;
    const consequence =
      used === 0
        ? "Nobody has used them for a while."
        : `Still used a moment ago: ${used} of ${chosen.length}.`;
    bulk.start(
      revokeTask(chosen, {
        session,
        consequences: [namesOf(chosen), consequence],
        reason: "rotated",
        onChanged: () => {},
        onEnd: remote.refresh,
      }),
    );
  }

  function onKey(event: InputEvent): boolean {
    if (matches(event, "revoke")) revoke(list.current?.status === "retiring" ? [list.current] : []);
    else if (matches(event, "revokeSilent")) revoke(silent);
    else if (matches(event, "open") && live.length === 0) navigation.done();
    else return list.onKey(event);
    return true;
  }

  const done = live.length === 0;
  return (
    <Frame
      path={["Keys", "Rotate", "Old keys"]}
      bindings={bindings}
      notice={remote.error ? { text: remote.error.message, tone: "danger" } : bulk.notice}
      onKey={onKey}
      dialog={bulk.dialog}
      dialogBindings={bulk.dialogBindings}
    >
      <Text {...theme.accent}>{cut(`New secrets (mode 0600): ${file}`, columns)}</Text>
      <Text {...(done || silent.length === live.length ? theme.good : theme.warning)}>
        {cut(
          done ? "No old key works any more. The rotation is done." : countText(live.length, silent.length),
          columns,
        )}
      </Text>
      <Text> </Text>
      <Table
        columns={columnsOf(began, now)}
        rows={list.rows}
        offset={list.offset}
        selected={list.selected}
        width={columns}
        height={height}
        tone={(key) => toneOf(key, began, now)}
      />
    </Frame>
  );
}

/** The old keys as they are now. One that does not retire any more stays as it was found then. */
function useOldKeys(session: Session, previous: readonly ApiKey[]) {
  const ended = useRef(new Map<string, ApiKey>());
  const remote = useReading(
    "old keys",
    async () => {
      const retiring = await readRetiring(session);
      for (const { id } of previous)
        if (!retiring.has(id) && !ended.current.has(id))
          ended.current.set(id, await session.call("keys.get", { id }));
      return previous.map((key) => retiring.get(key.id) ?? ended.current.get(key.id) ?? key);
    },
    ({ type }) => type.startsWith("key."),
  );
  const keys = remote.data ?? previous;
  const { refresh } = remote;
  const live = keys.some(({ status }) => status === "retiring");
  useEffect(() => {
    if (!live) return;
    const timer = setInterval(refresh, POLL_MS);
    return () => clearInterval(timer);
  }, [live, refresh]);
  return { keys, error: remote.error, refresh };
}

async function readRetiring(session: Session): Promise<Map<string, ApiKey>> {
  const found = new Map<string, ApiKey>();
  for (let offset = 0; ; offset += PAGE) {
    const params = { allUsers: true, status: "retiring", offset, limit: PAGE } as const;
    const { items, total } = await session.call("keys.list", params);
    for (const key of items) found.set(key.id, key);
    if (items.length === 0 || offset + items.length >= total) return found;
  }
}

function countText(live: number, silent: number): string {
  const old = live === 1 ? "1 old key works on" : `${live.toLocaleString("en")} old keys work on`;
  if (silent === 0) return `${old}; none of them is silent yet.`;
  return `${old}, ${silent === live ? "all" : silent.toLocaleString("en")} silent: D revokes those.`;
}

function columnsOf(began: number, now: number): Column<ApiKey>[] {
  return [
    { id: "owner", title: "Owner", width: 14, priority: 6, cell: ({ username }) => username },
    { id: "name", title: "Name", width: 14, grow: true, priority: 5, cell: ({ name }) => name },
    { id: "use", title: "Old key", width: 14, priority: 4, cell: (key) => useText(key, began, now) },
    {
      id: "used",
      title: "Last used",
      width: 9,
      priority: 3,
      cell: ({ lastUsedAt }) => relative(lastUsedAt, now),
    },
    {
      id: "open",
      title: "Open",
      width: 4,
      priority: 2,
      align: "right",
      cell: ({ openConnections }) => (openConnections === 0 ? "-" : String(openConnections)),
    },
    { id: "ends", title: "Ends", width: 8, priority: 1, cell: ({ graceUntil }) => relative(graceUntil, now) },
  ];
}

function useText(key: ApiKey, began: number, now: number): string {
  if (key.status !== "retiring") return key.status;
  if (key.openConnections > 0) return "in use";
  return `${isSilent(key, began, now) ? "silent" : "quiet"} for ${quietFor(key, began, now)}`;
}

function toneOf(key: ApiKey, began: number, now: number): Tone {
  if (key.status !== "retiring") return "muted";
  return isSilent(key, began, now) ? "good" : "warning";
}
