import { createContext, useContext, useEffect, useState } from "react";

/** Terminal size in cells. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** What components may do to the terminal they are drawn on. */
export interface TerminalControl {
  readonly size: Size;
  onResize(listener: (size: Size) => void): () => void;
  /** Puts text on the clipboard of the terminal (OSC 52); a terminal may refuse silently, so keep the text visible. */
  copy(text: string): void;
  /** Draws every cell again, after something else wrote over them. */
  redraw(): void;
  /** Gives the terminal back to the shell until the job is continued. */
  suspend(): void;
  /** Gives the terminal to `work`, such as an editor, and takes it back whole when that has ended. */
  lend<T>(work: () => Promise<T>): Promise<T>;
}

const DETACHED: TerminalControl = {
  size: { columns: 80, rows: 24 },
  onResize: () => () => {},
  copy: () => {},
  redraw: () => {},
  suspend: () => {},
  lend: (work) => work(),
};

/** The terminal of this tree; without a provider one of 80x24 that does nothing, as in component tests. */
export const TerminalContext = createContext<TerminalControl>(DETACHED);

export function useTerminal(): TerminalControl {
  return useContext(TerminalContext);
}

/** The terminal's size; renders again when it changes. */
export function useSize(): Size {
  const terminal = useTerminal();
  const [size, setSize] = useState(terminal.size);
  useEffect(() => {
    setSize(terminal.size);
    return terminal.onResize(setSize);
  }, [terminal]);
  return size;
}
