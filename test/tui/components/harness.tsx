import { render } from "ink-testing-library";
import type { ReactNode } from "react";
import { TerminalContext } from "../../../tui/terminal/context.tsx";
import {
  type InputEvent,
  type KeyName,
  type Modifiers,
  namedKey,
  textKey,
} from "../../../tui/terminal/input-events.ts";
import { KeyProvider } from "../../../tui/terminal/keys.tsx";

/** A component on a terminal of the given size, with keys to press. */
export function show(element: ReactNode, { columns = 80, rows = 24 } = {}) {
  const listeners = new Set<(event: InputEvent) => void>();
  const source = {
    subscribe(listener: (event: InputEvent) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const terminal = {
    size: { columns, rows },
    onResize: () => () => {},
    copy: () => {},
    redraw: () => {},
    suspend: () => {},
    lend: <T,>(work: () => Promise<T>) => work(),
  };
  const tree = (
    <TerminalContext value={terminal}>
      <KeyProvider source={source}>{element}</KeyProvider>
    </TerminalContext>
  );
  const ink = render(tree);
  const send = (event: InputEvent) => {
    for (const listener of listeners) listener(event);
    // Commits what the key changed before the next one, as the mounted app does.
    ink.rerender(tree);
  };
  return {
    press: (name: KeyName, modifiers: Partial<Modifiers> = {}) => send(namedKey(name, modifiers)),
    ctrl: (letter: string) => send(textKey(letter, { ctrl: true })),
    alt: (letter: string) => send(textKey(letter, { alt: true })),
    type: (text: string) => {
      for (const character of text) send(textKey(character));
    },
    paste: (text: string) => send({ kind: "paste", text }),
    frame: () => ink.lastFrame() ?? "",
    lines: () => (ink.lastFrame() ?? "").split("\n").map((line) => line.trimEnd()),
    unmount: ink.unmount,
  };
}
