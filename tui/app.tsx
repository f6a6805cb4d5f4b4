import { Box } from "ink";
import { type ReactNode, useContext, useState } from "react";
import type { Principal } from "../protocol/index.ts";
import { keyLabel, matches } from "./keymap.ts";
import { NavigationContext, ShownContext, useNavigation } from "./navigation.ts";
import { Connecting } from "./screens/connecting.tsx";
import { NewPassword } from "./screens/new-password.tsx";
import { Overlay } from "./screens/overlay.tsx";
import { ScreenView } from "./screens/screen-view.tsx";
import { SignIn } from "./screens/sign-in.tsx";
import { Session, type SessionOptions, type SessionSnapshot } from "./session.ts";
import { useTerminal } from "./terminal/context.tsx";
import { KeyScope, useKeys } from "./terminal/keys.tsx";
import { mountApp } from "./terminal/mount.tsx";
import { type Theme, ThemeContext, themes, withoutColor } from "./theme.ts";
import { TypeAheadProvider } from "./type-ahead.tsx";
import { UndoContext, UndoHistory } from "./undo.ts";
import { useRemote } from "./use-remote.ts";
import { SessionContext, useSessionSnapshot } from "./use-session.ts";
import { type Stack, useStack } from "./use-stack.ts";

/** A daemon that answers as quickly as this spares a frame that says that it was asked. */
const PATIENCE_MS = 150;

/** Runs the terminal UI on this process's terminal until the person quits. */
export async function runTui(options: SessionOptions): Promise<void> {
  const session = new Session(options);
  const { stdin, stdout } = process;
  session.start();
  await session.settled(PATIENCE_MS);
  const mounted = mountApp(<App session={session} onQuit={() => mounted.unmount()} />, { stdin, stdout });
  try {
    await mounted.waitUntilExit();
  } finally {
    session.close();
  }
}

/** The whole TUI: who has to prove who they are does that first, then come the screens. */
export function App({ session, onQuit }: { session: Session; onQuit(): void }) {
  return (
    <SessionContext value={session}>
      <InTheme theme={themes.default}>
        <TypeAheadProvider>
          <Gates onQuit={onQuit} />
        </TypeAheadProvider>
      </InTheme>
    </SessionContext>
  );
}

function Gates({ onQuit }: { onQuit(): void }) {
  const { principal } = useSessionSnapshot();
  return <Desk key={principal?.userId ?? principal?.kind ?? "nobody"} onQuit={onQuit} />;
}

/** One person's stack of screens, and what has to be passed before them. */
function Desk({ onQuit }: { onQuit(): void }) {
  const snapshot = useSessionSnapshot();
  const { navigation, entries, leaving } = useStack(onQuit);
  const gate = gateOf(snapshot);
  const question = gate === null ? snapshot.question : null;
  const asked = question !== null || leaving !== null;
  const overlay = asked && <Overlay question={question} leaving={leaving} />;
  const [undo] = useState(() => new UndoHistory());
  useTerminalKeys(navigation.quit);
  return (
    <NavigationContext value={{ ...navigation, overlay }}>
      {snapshot.principal && (
        <Layer top={gate === null}>
          <Themed principal={snapshot.principal}>
            <UndoContext value={undo}>
              <Screens entries={entries} />
            </UndoContext>
          </Themed>
        </Layer>
      )}
      {gate}
    </NavigationContext>
  );
}

/** What comes before the screens; they stay as they are behind it. */
function gateOf({ state, principal }: SessionSnapshot): ReactNode {
  if (state.phase === "signedOut") return <SignIn why={state.why} />;
  if (!principal) return <Connecting />;
  return principal.mustChangePassword ? <NewPassword /> : null;
}

/** The stack of screens: those below stay as they were left, and only the top one is seen and has the keys. */
function Screens({ entries }: Pick<Stack, "entries">) {
  const navigation = useNavigation();
  useKeys((event) => {
    if (matches(event, "palette")) navigation.push({ name: "palette" });
    else if (matches(event, "back") && entries.length > 1) navigation.back();
    else if (matches(event, "back") && keyLabel(event) === "q") navigation.quit();
    else return false;
    return true;
  });
  return entries.map(({ id, screen }, index) => (
    <Layer key={id} top={index === entries.length - 1}>
      <ScreenView screen={screen} />
    </Layer>
  ));
}

/** What is not on top keeps its state, unseen, and hears no keys. */
function Layer({ top, children }: { top: boolean; children: ReactNode }) {
  const outer = useContext(ShownContext);
  return (
    <ShownContext value={outer && top}>
      <KeyScope active={top}>
        <Box display={top ? "flex" : "none"}>{children}</Box>
      </KeyScope>
    </ShownContext>
  );
}

/** Keys that work everywhere, whatever is shown. */
function useTerminalKeys(onQuit: () => void): void {
  const terminal = useTerminal();
  useKeys((event) => {
    if (matches(event, "quit")) onQuit();
    else if (matches(event, "redraw")) terminal.redraw();
    else if (matches(event, "suspend")) terminal.suspend();
    else return false;
    return true;
  });
}

function Themed({ principal, children }: { principal: Principal; children: ReactNode }) {
  if (principal.kind !== "session") return children;
  return <OwnTheme userId={principal.userId}>{children}</OwnTheme>;
}

/** The theme of one's own account. */
function OwnTheme({ userId, children }: { userId: string | null; children: ReactNode }) {
  const { data } = useRemote("users.get", {}, ({ subject }) => subject?.id === userId);
  return <InTheme theme={themes[data?.theme ?? "default"]}>{children}</InTheme>;
}

function InTheme({ theme, children }: { theme: Theme; children: ReactNode }) {
  const [colourless] = useState(() => Boolean(process.env.NO_COLOR));
  return <ThemeContext value={colourless ? withoutColor(theme) : theme}>{children}</ThemeContext>;
}
