import { useRef, useState } from "react";
import type { Navigation, Screen } from "./navigation.ts";

interface Entry {
  id: number;
  screen: Screen;
}

/** Leaving was asked for while something typed is not saved. */
export interface Leaving {
  what: string;
  leave(): void;
  stay(): void;
}

export interface Stack {
  entries: readonly Entry[];
  navigation: Omit<Navigation, "overlay">;
  leaving: Leaving | null;
}

const root: Entry = { id: 0, screen: { name: "home" } };

/** The screens that a person opened, one on another. */
export function useStack(onQuit: () => void): Stack {
  const [entries, setEntries] = useState<readonly Entry[]>([root]);
  const [leaving, setLeaving] = useState<Leaving | null>(null);
  const unsaved = useRef(new Set<{ what: string }>());
  const lastId = useRef(root.id);

  const [navigation] = useState<Stack["navigation"]>(() => {
    const entryOf = (screen: Screen) => ({ id: ++lastId.current, screen });
    const below = (stack: readonly Entry[]) => (stack.length > 1 ? stack.slice(0, -1) : stack);

    const only = (screen: Screen) => (screen.name === "home" ? [root] : [root, entryOf(screen)]);

    function leave(away: () => void): void {
      const stay = () => setLeaving(null);
      const goAway = () => {
        stay();
        away();
      };
      const [held] = unsaved.current;
      if (held) setLeaving({ what: held.what, leave: goAway, stay });
      else away();
    }

    return {
      push: (screen) => setEntries((stack) => [...stack, entryOf(screen)]),
      done: (next) => setEntries((stack) => (next ? [...below(stack), entryOf(next)] : below(stack))),
      back: () => leave(() => setEntries(below)),
      go: (screen) => leave(() => setEntries(only(screen))),
      leave,
      quit: () => leave(onQuit),
      holdUnsaved(what) {
        const held = { what };
        unsaved.current.add(held);
        return () => unsaved.current.delete(held);
      },
    };
  });

  return { entries, navigation, leaving };
}
