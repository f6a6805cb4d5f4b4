import { Text } from "ink";
import { type BindingId, matches } from "../keymap.ts";
import { useNavigation } from "../navigation.ts";
import { fitWidth } from "../terminal/safe-text.ts";
import { useTheme } from "../theme.ts";
import { useAction } from "../use-action.ts";
import { useNow } from "../use-now.ts";
import { useSession } from "../use-session.ts";
import { Frame, useBody } from "./frame.tsx";
import { backText, presenceNeeds } from "./presence-list.ts";
import { ago } from "./times.ts";
import type { UserTabProps } from "./user.tsx";

const bindings: readonly BindingId[] = ["setPresence", "clearPresence", "nextTab", "refresh", "help", "back"];
const LABEL_CELLS = 18;
const AGE_MS = 30_000;

/** Where somebody is, as the board says. */
export function UserPresence({ user, remote, path, tabs }: UserTabProps) {
  const session = useSession();
  const navigation = useNavigation();
  const theme = useTheme();
  const action = useAction();
  const now = useNow(AGE_MS);
  const { columns } = useBody();
  const { status } = user;
  const error = action.error ?? remote.error;

  const clear = () =>
    void action.run(async () => {
      await session.call("presence.clear", { user: user.id });
      remote.refresh();
    });

  return (
    <Frame
      path={path}
      bindings={status ? bindings : bindings.slice(2)}
      needs={presenceNeeds}
      about={user.id}
      notice={error ? { text: error.message, tone: "danger" } : undefined}
      onKey={(event) => {
        if (matches(event, "refresh")) remote.refresh();
        else if (status && matches(event, "setPresence"))
          navigation.push({ name: "setPresence", entry: status });
        else if (status && matches(event, "clearPresence")) clear();
        else return false;
        return true;
      }}
    >
      {tabs}
      {status === null ? (
        <Text {...theme.muted}>
          {fitWidth(`${user.username} is not on the board: disabled, or "On the board" is no.`, columns)}
        </Text>
      ) : (
        [
          ["Status", status.status],
          ["Message", status.message || "-"],
          ["Back", backText(status, now)],
          ["Said", ago(status.updatedAt, now)],
        ].map(([label = "", value = ""]) => (
          <Text key={label} {...(remote.stale ? theme.muted : theme.plain)}>
            {fitWidth(label, LABEL_CELLS) + fitWidth(value, columns - LABEL_CELLS)}
          </Text>
        ))
      )}
    </Frame>
  );
}
