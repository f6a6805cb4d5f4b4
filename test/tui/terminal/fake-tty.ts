import { EventEmitter } from "node:events";
import type { ReadStream, WriteStream } from "node:tty";
import type { TerminalStreams } from "../../../tui/terminal/terminal.ts";

/** A terminal's two streams in memory: what was written, and a way to type. */
export interface FakeTty extends TerminalStreams {
  readonly written: string[];
  readonly rawModes: boolean[];
  type(text: string): void;
  resize(columns: number, rows: number): void;
  /** All written since the last call. */
  take(): string;
}

export function createFakeTty(columns = 80, rows = 24): FakeTty {
  const written: string[] = [];
  const rawModes: boolean[] = [];
  const stdout = Object.assign(new EventEmitter(), {
    columns,
    rows,
    write(bytes: string) {
      written.push(bytes);
      return true;
    },
  });
  const stdin = Object.assign(new EventEmitter(), {
    setRawMode: (on: boolean) => rawModes.push(on),
    resume: () => {},
    pause: () => {},
  });
  return {
    stdin: stdin as unknown as ReadStream,
    stdout: stdout as unknown as WriteStream,
    written,
    rawModes,
    type: (text) => stdin.emit("data", Buffer.from(text)),
    resize(newColumns, newRows) {
      Object.assign(stdout, { columns: newColumns, rows: newRows });
      stdout.emit("resize");
    },
    take: () => written.splice(0).join(""),
  };
}
