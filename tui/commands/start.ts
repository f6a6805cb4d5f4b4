import { connector, Unreachable } from "../connect.ts";
import { findTarget, type Target } from "../target.ts";
import type { Destination } from "./connection.ts";
import { runDaemon, startDaemon } from "./daemon-process.ts";
import { isInteractive, requireTerminal } from "./terminal.ts";

/**
 * The quick way in: the terminal UI on the daemon at the default socket, started and stopped with it where none
 * answers. Without a terminal the daemon runs in the foreground, and its exit status is the result.
 */
export async function start(
  key: string | undefined,
  openTui: (to: Destination) => Promise<number>,
): Promise<number> {
  if (!isInteractive()) return runDaemon();
  requireTerminal();
  const target = findTarget({});
  if (await answers(target)) return openTui({ target, key });
  const daemon = await startDaemon();
  try {
    return await openTui({ target: daemon.target, key });
  } finally {
    await daemon.stop();
  }
}

async function answers(target: Target): Promise<boolean> {
  const socket = await connector(target)().catch((error) => {
    if (error instanceof Unreachable) return null;
    throw error;
  });
  socket?.close();
  return socket !== null;
}
