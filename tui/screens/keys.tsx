import { useEffect, useState } from "react";
import type { ApiKey } from "../../protocol/index.ts";
import type { NoticeText } from "../components/notice.tsx";
import { type BindingId, matches } from "../keymap.ts";
import { useNavigation } from "../navigation.ts";
import type { ReadStretch } from "../remote-list.ts";
import type { InputEvent } from "../terminal/input-events.ts";
import { useNow } from "../use-now.ts";
import { useSession } from "../use-session.ts";
import { Frame } from "./frame.tsx";
import { allKeysColumns, isLive, keyTone, usageText } from "./key-columns.ts";
import { type KeyFilter, parseKeyFilter } from "./key-filter.ts";
import { namesOf, revokeTask } from "./key-tasks.ts";
import { useBulk } from "./use-bulk.tsx";
import { type ListQuery, useRemoteTable } from "./use-remote-table.tsx";

const bindings: readonly BindingId[] = [
  "open",
  "filter",
  "mark",
  "rotate",
  "revoke",
  "help",
  "back",
  "range",
  "refresh",
];
const needs = { rotate: "keys.rotate", revoke: "keys.revoke" } as const;
/** A use is no event: the list is read anew this often. */
const POLL_MS = 10_000;

/** Everybody's API keys: how old, how much in use, how long still. */
export function KeysScreen({ filter = "" }: { filter?: string }) {
  const session = useSession();
  const navigation = useNavigation();
  const now = useNow(POLL_MS);
  const bulk = useBulk();
  const [said, setSaid] = useState<NoticeText | undefined>();
  const read: ReadStretch<ApiKey, ListQuery<KeyFilter, never>> = ({ filter: asked }, { offset, limit }) =>
    session.call("keys.list", {
      ...asked,
      ...(asked.user === undefined && { allUsers: true }),
      offset,
      limit,
    });
  const table = useRemoteTable({
    read,
    concerns: ({ type }) => type.startsWith("key.") || type.startsWith("user."),
    parse: (line) => parseKeyFilter(line, Date.now()),
    line: filter,
    marks: true,
    columns: allKeysColumns(now),
    tone: keyTone,
    nouns: ["key", "keys"],
    placeholder: "status:retiring user:mia unused:30d expiring:7d older:1y",
    empty: "Nobody has a key yet.",
  });
  const { list, view, targets } = table;
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the time that asks for the reading.
  useEffect(() => list.changed(), [list, now]);

  function rotate(): void {
    const active = targets.filter(({ status }) => status === "active");
    const [first] = active;
    if (targets.length === 1 && first) navigation.push({ name: "rotateKey", apiKey: first });
    else if (first)
      navigation.push({ name: "rotateKeys", keys: active, onRotated: () => list.keepMarked([]) });
    else setSaid({ text: "Only an active key can be rotated", tone: "warning" });
  }

  function revoke(): void {
    const live = targets.filter(isLive);
    const [first] = live;
    if (!first) {
      setSaid({ text: "It has ended already", tone: "warning" });
      return;
    }
    const used = live.filter(({ openConnections }) => openConnections > 0).length;
    const consequences =
      live.length === 1
        ? [usageText(first, now)]
        : [namesOf(live), `${used} of them have connections open now.`];
    const onEnd = (remaining: readonly ApiKey[]) => list.keepMarked(targets.length > 1 ? remaining : []);
    bulk.start(revokeTask(targets, { session, consequences, onChanged: (key) => list.put(key), onEnd }));
  }

  function onKey(event: InputEvent): boolean {
    setSaid(undefined);
    if (table.onKey(event)) return true;
    if (matches(event, "open") && view.current) {
      const { userId: id, username } = view.current;
      navigation.push({ name: "user", id, username, tab: "keys" });
    } else if (matches(event, "rotate") && targets.length > 0) rotate();
    else if (matches(event, "revoke") && targets.length > 0) revoke();
    else return false;
    return true;
  }

  return (
    <Frame
      path={["Keys"]}
      bindings={table.bindings(bindings)}
      needs={needs}
      about={view.current?.userId}
      notice={table.notice ?? said ?? bulk.notice}
      onKey={onKey}
      dialog={bulk.dialog}
      dialogBindings={bulk.dialogBindings}
    >
      {table.body}
    </Frame>
  );
}
