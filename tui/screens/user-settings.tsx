import { Text } from "ink";
import { useState } from "react";
import { Confirm } from "../components/confirm.tsx";
import { type BindingId, matches } from "../keymap.ts";
import { useNavigation } from "../navigation.ts";
import { cut } from "../terminal/safe-text.ts";
import { useTheme } from "../theme.ts";
import { useAction } from "../use-action.ts";
import { useRemote } from "../use-remote.ts";
import { useSession } from "../use-session.ts";
import { Frame, useBody } from "./frame.tsx";
import { Loading } from "./loading.tsx";
import { useScroll } from "./use-scroll.ts";
import type { UserTabProps } from "./user.tsx";

const bindings: readonly BindingId[] = [
  "edit",
  "openEditor",
  "resetSettings",
  "down",
  "up",
  "nextTab",
  "refresh",
  "help",
  "back",
];
const needs = {
  edit: "settings.save",
  openEditor: "settings.save",
  resetSettings: "settings.reset",
} as const;
/** The line of tabs and the blank one under it. */
const TEXT_CHROME = 2;

/** Somebody's settings, as the JSON that applications see. */
export function UserSettings({ user, path, tabs }: UserTabProps) {
  const navigation = useNavigation();
  const theme = useTheme();
  const { columns, rows } = useBody();
  const remote = useRemote(
    "settings.get",
    { user: user.id },
    ({ type, subject }) => type.startsWith("settings.") && subject?.id === user.id,
  );
  const session = useSession();
  const action = useAction();
  const [asking, setAsking] = useState(false);
  const lines = remote.data ? JSON.stringify(remote.data.settings, null, 2).split("\n") : [];
  const height = rows - TEXT_CHROME;
  const scroll = useScroll(lines.length, height);

  function edit(inEditor: boolean): void {
    if (!remote.data) return;
    const { revision } = remote.data;
    navigation.push({ name: "editSettings", user, settings: lines.join("\n"), revision, inEditor });
  }

  const reset = () =>
    void action.run(async () => {
      setAsking(false);
      await session.call("settings.reset", { user: user.id });
      remote.refresh();
    });

  const error = action.error ?? remote.error;
  return (
    <Frame
      path={path}
      bindings={bindings}
      needs={needs}
      about={user.id}
      notice={error ? { text: error.message, tone: "danger" } : undefined}
      onKey={(event) => {
        if (matches(event, "refresh")) remote.refresh();
        else if (matches(event, "edit")) edit(false);
        else if (matches(event, "openEditor")) edit(true);
        else if (matches(event, "resetSettings")) setAsking(true);
        else return scroll.onKey(event);
        return true;
      }}
      dialog={
        asking && (
          <Confirm
            question={`Put the settings of ${user.username} back to the defaults?`}
            consequences={["What is set now is gone, in every application."]}
            deed="Reset"
            width={columns}
            onConfirm={reset}
            onCancel={() => setAsking(false)}
          />
        )
      }
    >
      {tabs}
      {remote.loading && <Loading />}
      <Text {...(remote.stale ? theme.muted : theme.plain)}>
        {lines
          .slice(scroll.top, scroll.top + height)
          .map((line) => cut(line, columns))
          .join("\n")}
      </Text>
    </Frame>
  );
}
