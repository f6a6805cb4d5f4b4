import { createContext, type ReactNode, useContext, useLayoutEffect } from "react";
import type { ApiKey, Entry, PresenceEntry, Role, UserDetail } from "../protocol/index.ts";
import type { BindingId } from "./keymap.ts";

/** Where a person can be. The stack of these is all that says what is shown. */
export type Screen =
  | { name: "home" }
  | { name: "users"; filter: string }
  | { name: "user"; id: string; username: string; tab?: "keys" | "sessions" }
  /** `onMade` and `onRotated` tell the screen below. */
  | { name: "newUser"; onMade?(id: string): void }
  | { name: "editUser"; user: UserDetail }
  | { name: "editSettings"; user: UserDetail; settings: string; revision: number; inEditor: boolean }
  | { name: "newKey"; owner: UserDetail; onMade(id: string): void }
  | { name: "editKey"; apiKey: ApiKey }
  | { name: "rotateKey"; apiKey: ApiKey }
  | { name: "changePassword" }
  | { name: "roles" }
  | { name: "role"; role: string }
  | { name: "newRole"; onMade?(name: string): void }
  | { name: "editRole"; role: Role }
  | { name: "matrix" }
  | { name: "presence" }
  | { name: "setPresence"; entry: PresenceEntry }
  | { name: "keys"; filter: string }
  | { name: "rotateKeys"; keys: readonly ApiKey[]; onRotated(): void }
  | { name: "sessions" }
  | { name: "audit"; filter: string }
  | { name: "events" }
  | { name: "entry"; entry: Entry }
  | { name: "palette" }
  | { name: "help"; here: readonly BindingId[] };

export interface Navigation {
  push(screen: Screen): void;
  /** Leaves this screen; asks first where something typed would be lost. At the root it stays. */
  back(): void;
  /** Leaves this screen at once, its work done, for the one below or for another. */
  done(next?: Screen): void;
  /** Goes to a screen from anywhere, so that the root is one level back; asks first as `back` does. */
  go(screen: Screen): void;
  /** Does what takes everything off the screen; asks first as `back` does. */
  leave(away: () => void): void;
  /** Ends the TUI; asks first where something typed would be lost. */
  quit(): void;
  /** Notes that leaving would lose something, until the result is called. */
  holdUnsaved(what: string): () => void;
  /** A question that comes before everything on the screen. */
  overlay: ReactNode;
}

export const NavigationContext = createContext<Navigation | null>(null);

/** Whether this screen is the one that is shown. */
export const ShownContext = createContext(true);

export function useNavigation(): Navigation {
  const navigation = useContext(NavigationContext);
  if (!navigation) throw new Error("useNavigation needs a NavigationContext above it");
  return navigation;
}

/** Has leaving asked about while `what`, such as `the changes to ada`, is typed and not saved; null: nothing is. */
export function useUnsaved(what: string | null): void {
  const { holdUnsaved } = useNavigation();
  // With the screen, not after it: the next key may come at once.
  useLayoutEffect(() => (what === null ? undefined : holdUnsaved(what)), [what, holdUnsaved]);
}
