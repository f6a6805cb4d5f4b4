import { createContext, type ReactNode, useContext, useEffect, useLayoutEffect, useState } from "react";
import { matches } from "./keymap.ts";
import { ShownContext } from "./navigation.ts";
import type { InputEvent } from "./terminal/input-events.ts";
import { KeyProvider, type KeySource, useKeys } from "./terminal/keys.tsx";
import { useOnline } from "./use-session.ts";

/** Keys that come while a screen reads what it is made of wait for it, so that nothing typed ahead is lost. */
export class TypeAhead implements KeySource {
  readonly #listeners = new Set<(event: InputEvent) => void>();
  readonly #onGoOn: () => void;
  #waiting: InputEvent[] = [];
  #holders = 0;

  /** `onGoOn` is called when `next` may have something to do. */
  constructor(onGoOn: () => void) {
    this.#onGoOn = onGoOn;
  }

  subscribe(listener: (event: InputEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  hear(event: InputEvent): void {
    if (this.#holders > 0 && matches(event, "cancel")) this.#waiting = [];
    else if (this.#holders > 0 ? !isForTheTerminal(event) : this.#waiting.length > 0) {
      this.#waiting.push(event);
      return;
    }
    this.#deliver(event);
  }

  /** Keys wait until the result is called; Esc goes through, and with it what waits is given up. */
  hold(): () => void {
    this.#holders += 1;
    return () => {
      this.#holders -= 1;
      this.#onGoOn();
    };
  }

  /** Delivers one of the keys that have waited; once what it led to is drawn, the next may follow. */
  next(): void {
    if (this.#holders > 0) return;
    const event = this.#waiting.shift();
    if (!event) return;
    this.#deliver(event);
    this.#onGoOn();
  }

  #deliver(event: InputEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

function isForTheTerminal(event: InputEvent): boolean {
  return matches(event, "quit") || matches(event, "redraw") || matches(event, "suspend");
}

const TypeAheadContext = createContext<TypeAhead | null>(null);

/** Has the keys for what is below it wait where a screen asks for that. */
export function TypeAheadProvider({ children }: { children: ReactNode }) {
  const [turn, setTurn] = useState(0);
  const [typeAhead] = useState(() => new TypeAhead(() => setTurn((last) => last + 1)));
  useKeys((event) => {
    typeAhead.hear(event);
    return true;
  });
  // After the commit that has what the key before changed, and outside of it: React takes few updates within another.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each turn is for one key.
  useEffect(() => {
    const next = setImmediate(() => typeAhead.next());
    return () => clearImmediate(next);
  }, [typeAhead, turn]);
  return (
    <TypeAheadContext value={typeAhead}>
      <KeyProvider source={typeAhead}>{children}</KeyProvider>
    </TypeAheadContext>
  );
}

/** While `wanted`, keys wait as long as this screen is the one that is shown and an answer can be hoped for. */
export function useTypeAhead(wanted: boolean): void {
  const typeAhead = useContext(TypeAheadContext);
  const shown = useContext(ShownContext);
  const online = useOnline();
  useLayoutEffect(() => {
    if (!typeAhead || !wanted || !shown || !online) return;
    return typeAhead.hold();
  }, [typeAhead, wanted, shown, online]);
}
