import { Box } from "ink";
import { type ReactNode, useContext } from "react";
import type { Needs } from "../access.ts";
import { Banner } from "../components/banner.tsx";
import { Footer } from "../components/footer.tsx";
import { Header, type HeaderProps } from "../components/header.tsx";
import { Notice, type NoticeText } from "../components/notice.tsx";
import { type BindingId, matches } from "../keymap.ts";
import { NavigationContext, ShownContext } from "../navigation.ts";
import type { SessionSnapshot } from "../session.ts";
import { type Size, useSize } from "../terminal/context.tsx";
import { type KeyHandler, KeyScope, useKeys } from "../terminal/keys.tsx";
import { useNow } from "../use-now.ts";
import { useSession, useSessionSnapshot } from "../use-session.ts";
import { useOffered } from "./use-offered.ts";

/** Header, banner, notice and footer, a line each. */
const CHROME_ROWS = 4;
const questionBindings: readonly BindingId[] = ["press", "nextButton", "cancel", "quit"];
/** The keys of a form with choices in it. */
export const formBindings: readonly BindingId[] = [
  "submit",
  "nextField",
  "nextOption",
  "mark",
  "cancel",
  "later",
  "earlier",
];
/** The keys of a list of choices. */
export const choiceBindings: readonly BindingId[] = ["choose", "down", "up", "cancel"];

export interface FrameProps {
  /** Where one is, from the root. */
  readonly path: readonly string[];
  /** The keys that work now, the most useful first. */
  readonly bindings: readonly BindingId[];
  /** What these call. A key whose call the caller may not make is not offered, and says what it would need. */
  readonly needs?: Needs;
  /** The id of the user whom these calls are about. */
  readonly about?: string | undefined;
  /** The answer to the last thing done. */
  readonly notice?: NoticeText | undefined;
  /** The screen's own keys; not heard while a question is open. */
  readonly onKey?: KeyHandler;
  /** A question about what the screen shows; it has the keys. */
  readonly dialog?: ReactNode;
  /** The keys of the dialog; those of a question with buttons where none are given. */
  readonly dialogBindings?: readonly BindingId[];
  readonly children: ReactNode;
}

/** What every screen has around it. */
export function Frame(props: FrameProps) {
  const { path, notice, onKey, dialog, dialogBindings = questionBindings, children } = props;
  const { offered, refusal, refuse } = useOffered(props);
  const session = useSession();
  const snapshot = useSessionSnapshot();
  const shown = useContext(ShownContext);
  const navigation = useContext(NavigationContext);
  const { columns, rows } = useSize();
  const question = shown && navigation?.overlay;
  const asked = Boolean(dialog || question);
  const shownBindings = question ? questionBindings : dialog ? dialogBindings : offered;
  useKeys((event) => {
    if (!navigation || !matches(event, "help")) return false;
    navigation.push({ name: "help", here: shownBindings });
    return true;
  });
  return (
    <Box flexDirection="column" width={columns} height={rows}>
      <Header
        path={path}
        target={session.target}
        user={whoText(snapshot)}
        connection={connectionWord(snapshot)}
        width={columns}
      />
      <Box height={1}>
        <ConnectionBanner snapshot={snapshot} width={columns} />
      </Box>
      <Box height={rows - CHROME_ROWS} flexDirection="column">
        <Box flexDirection="column" flexGrow={1} flexShrink={1} overflow="hidden">
          <Box flexDirection="column" flexShrink={0}>
            <KeyScope active={!asked}>
              {onKey && <Keys onKey={(event) => refuse(event) || onKey(event)} />}
              {children}
            </KeyScope>
          </Box>
        </Box>
        {dialog && (
          <Box flexShrink={0}>
            <KeyScope active={!question}>{dialog}</KeyScope>
          </Box>
        )}
        {question && <Box flexShrink={0}>{question}</Box>}
      </Box>
      <Notice notice={refusal ?? notice} width={columns} />
      <Footer bindings={shownBindings} width={columns} />
    </Box>
  );
}

/** The room between header and footer. */
export function useBody(): Size {
  const { columns, rows } = useSize();
  return { columns, rows: Math.max(1, rows - CHROME_ROWS) };
}

/** Registered before what the screen draws, so that its fields are asked first. */
function Keys({ onKey }: { onKey: KeyHandler }) {
  useKeys(onKey);
  return null;
}

function ConnectionBanner({ snapshot, width }: { snapshot: SessionSnapshot; width: number }) {
  const waiting = snapshot.state.phase === "waiting";
  const now = useNow(waiting ? 1000 : null);
  const text = bannerText(snapshot, now);
  return text === null ? null : <Banner text={text} width={width} />;
}

function bannerText({ state, principal, deaf }: SessionSnapshot, now: number): string | null {
  switch (state.phase) {
    case "waiting": {
      const seconds = Math.max(1, Math.ceil((state.retryAt - now) / 1000));
      return `${principal ? "Connection lost" : "Not connected"}, trying again in ${seconds} s: ${state.error.message}`;
    }
    case "connecting":
      return principal ? "Connection lost, connecting again…" : null;
    case "closed":
      return state.error?.message ?? null;
    case "online":
      return deaf === null ? null : `Changes made elsewhere do not arrive here: ${deaf}`;
    case "signedOut":
      return null;
  }
}

function connectionWord({ state, principal, deaf }: SessionSnapshot): HeaderProps["connection"] {
  if (state.phase === "online") return deaf === null ? "live" : "stale";
  if (state.phase === "signedOut") return "offline";
  return principal ? "stale" : "connecting";
}

function whoText({ principal, state }: SessionSnapshot): string | undefined {
  if (!principal || state.phase === "signedOut") return undefined;
  if (principal.kind === "key") return `${principal.username} (key)`;
  return principal.username ?? principal.kind;
}
