/** The terminal UI as plain Ink draws it: the same screens and keys, without our screen and differ. */
import { Box, render } from "ink";
import { App } from "../../../tui/app.tsx";
import { connector } from "../../../tui/connect.ts";
import { Session } from "../../../tui/session.ts";
import { TerminalContext } from "../../../tui/terminal/context.tsx";
import { createInputDecoder } from "../../../tui/terminal/input-decoder.ts";
import type { InputEvent } from "../../../tui/terminal/input-events.ts";
import { KeyProvider } from "../../../tui/terminal/keys.tsx";

const [path = ""] = process.argv.slice(2);
const { columns, rows } = process.stdout;
const session = new Session({ connect: connector({ kind: "socket", path }), target: path, local: true });
const listeners = new Set<(event: InputEvent) => void>();
const terminal = {
  size: { columns, rows },
  onResize: () => () => {},
  copy: () => {},
  redraw: () => {},
  suspend: () => {},
  lend: <T,>(work: () => Promise<T>) => work(),
};
const source = {
  subscribe(listener: (event: InputEvent) => void) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
const tree = (
  <TerminalContext value={terminal}>
    <KeyProvider source={source}>
      <Box width={columns} height={rows}>
        <App session={session} onQuit={() => process.exit()} />
      </Box>
    </KeyProvider>
  </TerminalContext>
);
const decoder = createInputDecoder({
  onEvent(event) {
    for (const listener of listeners) listener(event);
    // As ours: what the key changed is committed before the next one.
    instance.rerender(tree);
  },
});
process.stdin.setRawMode(true).on("data", (bytes) => decoder.push(bytes));
session.start();
const instance = render(tree, { exitOnCtrlC: false, patchConsole: false });
