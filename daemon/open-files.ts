import { readFileSync } from "node:fs";
import type { Server } from "node:net";
import type { Clock } from "./clock.ts";
import type { Logger } from "./log.ts";

/** Descriptors that are not for sockets: the program's own, the store's files, and what reads of old entries open. */
const KEPT = 48;
const FEWEST = 4;
const NOTED_EVERY_MS = 60_000;

/** As many of the `wanted` sockets as one of two listeners may have open beside the files. */
export function socketsThatFit(wanted: number): number {
  return Math.min(wanted, roomForSockets(openFilesLimit()));
}

/** Says so when there are fewer descriptors than the connections that are configured need. */
export function warnOfFewFiles(connections: number, log: Logger): void {
  const openFiles = openFilesLimit();
  const room = roomForSockets(openFiles);
  if (room >= connections) return;
  const message =
    "The limit of open files leaves no room for all connections: raise it (LimitNOFILE, ulimit -n)";
  log.warn({ openFiles, room, connections }, message);
}

/** Says in the log, at most once a minute, when a listener drops connections since it has all that it may have. */
export function noteDrops(listener: Server, { clock, log }: { clock: Clock; log: Logger }): void {
  let quietUntil = 0;
  listener.on("drop", () => {
    if (clock.elapsed() < quietUntil) return;
    quietUntil = clock.elapsed() + NOTED_EVERY_MS;
    const sockets = listener.maxConnections;
    log.warn({ sockets }, "All sockets of a listener are taken: new connections are dropped");
  });
}

function roomForSockets(openFiles: number): number {
  return Math.max(FEWEST, Math.floor((openFiles - KEPT) / 2));
}

/** As far as Node has been able to raise it; infinitely many where the system does not tell. */
function openFilesLimit(): number {
  if (process.platform !== "linux") return Number.POSITIVE_INFINITY;
  const [, soft] = /^Max open files +(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8")) ?? [];
  return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft);
}
