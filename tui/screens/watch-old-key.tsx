import { Box, Text } from "ink";
import { useEffect, useState } from "react";
import type { ApiKey } from "../../protocol/index.ts";
import { Confirm } from "../components/confirm.tsx";
import { matches } from "../keymap.ts";
import { useNavigation } from "../navigation.ts";
import { cut } from "../terminal/safe-text.ts";
import { useTheme } from "../theme.ts";
import { useAction } from "../use-action.ts";
import { useNow } from "../use-now.ts";
import { useRemote } from "../use-remote.ts";
import { useSession } from "../use-session.ts";
import { Frame, useBody } from "./frame.tsx";
import { isSilent, silenceText } from "./silence.ts";
import { instant, relative } from "./times.ts";

/** A use is no event: the old key is read anew this often. */
const POLL_MS = 2000;
/** The old key after a rotation: who still uses it, and revoking it once nobody does. */
export function WatchOldKey({ previous, path }: { previous: ApiKey; path: readonly string[] }) {
  const session = useSession();
  const navigation = useNavigation();
  const theme = useTheme();
  const { columns } = useBody();
  const action = useAction();
  const now = useNow(1000);
  const [began] = useState(Date.now);
  const [asking, setAsking] = useState<ApiKey | null>(null);
  const remote = useRemote("keys.get", { id: previous.id }, ({ subject }) => subject?.id === previous.id);
  const key = remote.data ?? previous;
  const { refresh } = remote;
  const live = key.status === "retiring";
  useEffect(() => {
    if (!live) return;
    const timer = setInterval(refresh, POLL_MS);
    return () => clearInterval(timer);
  }, [live, refresh]);

  const revoke = () =>
    void action.run(async () => {
      setAsking(null);
      await session.call("keys.revoke", { id: key.id, reason: "rotated" });
      refresh();
    });

  const silent = isSilent(key, began, now);
  const error = action.error ?? remote.error;
  return (
    <Frame
      path={path}
      bindings={live ? ["revoke", "back", "help"] : ["back", "help"]}
      notice={error ? { text: error.message, tone: "danger" } : undefined}
      onKey={(event) => {
        if (matches(event, "revoke") && live) setAsking(key);
        else if (matches(event, "open") && !live) navigation.done();
        else return false;
        return true;
      }}
      dialog={
        asking && (
          <Confirm
            question={`Revoke the old key ${key.name} of ${key.username} now?`}
            consequences={[
              silent
                ? "Nobody has used it for a while."
                : "It is still in use, or was a moment ago: what uses it will fail.",
              "It stops at once and never works again.",
            ]}
            deed="Revoke"
            width={columns}
            onConfirm={revoke}
            onCancel={() => setAsking(null)}
          />
        )
      }
    >
      <Text {...theme.accent}>{cut(`The old key ${key.name} (${key.hint}…)`, columns)}</Text>
      <Box marginY={1} flexDirection="column">
        <Text>{cut(`Status            ${key.status}`, columns)}</Text>
        <Text>{cut(`Last used         ${relative(key.lastUsedAt, now)}`, columns)}</Text>
        <Text>{cut(`Open connections  ${key.openConnections}`, columns)}</Text>
        {live && key.graceUntil && (
          <Text>{cut(`Works until       ${instant(key.graceUntil)}`, columns)}</Text>
        )}
      </Box>
      <Text {...(silent || !live ? theme.good : theme.warning)}>
        {cut(silenceText(key, began, now), columns)}
      </Text>
    </Frame>
  );
}
