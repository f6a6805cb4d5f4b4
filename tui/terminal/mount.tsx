import { EventEmitter } from "node:events";
import { PassThrough } from "node:stream";
import { Box, type DOMElement, render } from "ink";
import { type ReactNode, useLayoutEffect, useRef, useState } from "react";
import { TerminalContext, useSize } from "./context.tsx";
import { ErrorBoundary } from "./error-boundary.tsx";
import { createFramePacer } from "./frame-pacer.ts";
import { KeyProvider, type KeySource } from "./keys.tsx";
import { paint } from "./painter.ts";
import { openTerminal, type Terminal, type TerminalStreams } from "./terminal.ts";

export interface MountedApp {
  /** Settles when the tree is unmounted; rejects with the error that ended it. The terminal is given back before. */
  waitUntilExit(): Promise<void>;
  unmount(): void;
}

/** Draws a React tree on the terminal until it is unmounted. The only place that knows how Ink draws. */
export function mountApp(element: ReactNode, streams: TerminalStreams): MountedApp {
  const terminal = openTerminal(streams);
  const pacer = createFramePacer({
    draw: () => draw(),
    isReady: () => terminal.ready,
    whenReady: (callback) => terminal.onReady(callback),
  });
  let draw = () => {};
  let failure: Error | undefined;
  let ended = false;
  const keys: KeySource = {
    subscribe: (listener) =>
      terminal.subscribe((event) => {
        pacer.hurry();
        listener(event);
        // Commits what the key changed before the next key is looked at, so that its handlers see it. Once the key has
        // ended it all, this would draw it anew, and its timers would keep the process.
        if (!ended) instance.rerender(tree);
      }),
  };
  const tree = (
    <TerminalContext value={terminal}>
      <KeyProvider source={keys}>
        <FullScreen
          onRoot={(root, layOut, drawByInk) => {
            draw = () => {
              layOut();
              const frame = paint(root);
              if (frame === undefined) drawByInk();
              else terminal.draw(frame);
            };
            return pacer.request;
          }}
        >
          <ErrorBoundary
            onError={(error) => {
              failure = error;
              queueMicrotask(unmount);
            }}
          >
            {element}
          </ErrorBoundary>
        </FullScreen>
      </KeyProvider>
    </TerminalContext>
  );
  const instance = render(tree, {
    stdout: frameStream(terminal),
    stdin: silentInput(),
    debug: true,
    exitOnCtrlC: false,
    patchConsole: false,
  });

  function unmount(): void {
    ended = true;
    pacer.stop();
    terminal.close();
    instance.unmount();
  }

  async function waitUntilExit(): Promise<void> {
    await instance.waitUntilExit();
    unmount();
    if (failure) throw failure;
  }

  const exited = waitUntilExit();
  return { waitUntilExit: () => exited, unmount };
}

interface FullScreenProps {
  /** Takes Ink's root with its two ways to bring it to a frame; what it returns is called on every commit instead. */
  onRoot(root: DOMElement, layOut: () => void, drawByInk: () => void): () => void;
  readonly children: ReactNode;
}

/**
 * Fills the terminal, and takes over when Ink lays the tree out and turns it into a frame: that is most of a frame's
 * time, so it is paced here and not done once for every commit. Until then there is nothing to draw.
 */
function FullScreen({ onRoot, children }: FullScreenProps) {
  const { columns, rows } = useSize();
  const box = useRef<DOMElement>(null);
  const [taken, setTaken] = useState(false);
  useLayoutEffect(() => {
    const root = box.current?.parentNode;
    if (!root?.onRender || !root.onComputeLayout) throw new Error("Ink draws in another way than it did");
    const { onRender: drawByInk, onComputeLayout: layOut } = root;
    root.onComputeLayout = () => {};
    root.onRender = onRoot(root, layOut, drawByInk);
    setTaken(true);
  }, [onRoot]);
  return (
    <Box ref={box} width={columns} height={rows} flexDirection="column">
      {taken && children}
    </Box>
  );
}

/** What Ink takes for standard output: every write in its debug mode is one whole frame. */
function frameStream(terminal: Terminal): NodeJS.WriteStream {
  const stream = Object.defineProperties(new EventEmitter(), {
    columns: { get: () => terminal.size.columns },
    rows: { get: () => terminal.size.rows },
    // Else Ink draws a last frame when it is unmounted, which nobody sees.
    writable: { value: false },
    write: {
      value: (frame: string) => {
        terminal.draw(frame);
        return true;
      },
    },
  });
  return stream as NodeJS.WriteStream;
}

/** What Ink takes for standard input: nothing ever comes, since the input decoder reads the keys. */
function silentInput(): NodeJS.ReadStream {
  return new PassThrough() as unknown as NodeJS.ReadStream;
}
