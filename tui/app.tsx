import { Box } from "ink";
import { type ReactNode, useState } from "react";
import type { Principal } from "../protocol/index.ts";
import { keyLabel, matches } from "./keymap.ts";
import { NavigationContext, ShownContext } from "./navigation.ts";
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
import { useRemote } from "./use-remote.ts";
import { SessionContext, useSessionSnapshot } from "./use-session.ts";
import { useStack } from "./use-stack.ts";

/** Runs the terminal UI on this process's terminal until the person quits. */
export async function runTui(options: SessionOptions): Promise<void> {
  const session = new Session(options);
  const { stdin, stdout } = process;
  const mounted = mountApp(<App session={session} onQuit={() => mounted.unmount()} />, { stdin, stdout });
  session.start();
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
        <Gates onQuit={onQuit} />
      </InTheme>
    </SessionContext>
  );
}

function Gates({ onQuit }: { onQuit(): void }) {
  const snapshot = useSessionSnapshot();
  const { principal } = snapshot;
  const gate = gateOf(snapshot);
  return (
    <>
      {principal && (
        <ShownContext value={gate === null}>
          <KeyScope active={gate === null}>
            <Box display={gate === null ? "flex" : "none"}>
              <Themed principal={principal}>
                <Screens key={principal.userId ?? principal.kind} onQuit={onQuit} />
              </Themed>
            </Box>
          </KeyScope>
        </ShownContext>
      )}
      {gate !== null && <Gate onQuit={onQuit}>{gate}</Gate>}
    </>
  );
}

/** What comes before the screens; they stay as they are behind it. */
function gateOf({ state, principal }: SessionSnapshot): ReactNode {
  if (state.phase === "signedOut") return <SignIn why={state.why} />;
  if (!principal) return <Connecting />;
  return principal.mustChangePassword ? <NewPassword /> : null;
}

function Gate({ onQuit, children }: { onQuit(): void; children: ReactNode }) {
  useTerminalKeys(onQuit);
  return children;
}

/** The stack of screens: those below stay as they were left, and only the top one is seen and has the keys. */
function Screens({ onQuit }: { onQuit(): void }) {
  const { question } = useSessionSnapshot();
  const stack = useStack(onQuit);
  const { navigation, entries } = stack;
  useTerminalKeys(navigation.quit);
  useKeys((event) => {
    if (matches(event, "help")) navigation.push({ name: "help" });
    else if (matches(event, "back") && entries.length > 1) navigation.back();
    else if (matches(event, "back") && keyLabel(event) === "q") navigation.quit();
    else return false;
    return true;
  });
  const asked = question !== null || stack.leaving !== null;
  const overlay = asked && <Overlay question={question} leaving={stack.leaving} />;
  return (
    <NavigationContext value={{ ...navigation, overlay }}>
      {entries.map(({ id, screen }, index) => {
        const top = index === entries.length - 1;
        return (
          <Layer key={id} top={top}>
            <ScreenView screen={screen} />
          </Layer>
        );
      })}
    </NavigationContext>
  );
}

function Layer({ top, children }: { top: boolean; children: ReactNode }) {
  return (
    <ShownContext value={top}>
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
