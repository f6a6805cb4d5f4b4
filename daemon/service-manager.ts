import { spawn } from "node:child_process";
import { fstatSync, readFileSync, readlinkSync } from "node:fs";
import type { Logger } from "./log.ts";
import { StartError } from "./start-error.ts";

/** What systemd hands down to a service. It is no configuration: nobody writes it by hand. */
type Environment = Readonly<Record<string, string | undefined>>;

/** Sockets that are listened on already, by descriptor; null where there is none of that kind. */
export interface HandedDown {
  tcp: number | null;
  unix: { descriptor: number; path: string } | null;
}

const STANDARD_OUTPUT = 1;
/** sd_listen_fds(3): the first descriptor. */
const LISTEN_FDS_START = 3;

/** Whether standard output goes to the journal, and was not redirected since: systemd.exec(5), `$JOURNAL_STREAM`. */
export function writesToJournal({ JOURNAL_STREAM }: Environment): boolean {
  if (!JOURNAL_STREAM) return false;
  const { dev, ino } = fstatSync(STANDARD_OUTPUT);
  return JOURNAL_STREAM === `${dev}:${ino}`;
}

/** The listeners of a socket unit: sd_listen_fds(3). Throws `StartError` for two of a kind. */
export function handedDown({ LISTEN_PID, LISTEN_FDS }: Environment): HandedDown {
  const given: HandedDown = { tcp: null, unix: null };
  if (LISTEN_PID !== String(process.pid)) return given;
  const paths = pathsOfUnixSockets();
  for (let index = 0; index < Number(LISTEN_FDS); index += 1) {
    const descriptor = LISTEN_FDS_START + index;
    const path = paths.get(inodeOf(descriptor));
    const kind = path === undefined ? "tcp" : "unix";
    if (given[kind] !== null) {
      throw new StartError(
        `the socket unit hands down two ${kind} sockets: rosterd takes one TCP and one Unix`,
      );
    }
    if (path === undefined) given.tcp = descriptor;
    else given.unix = { descriptor, path };
  }
  return given;
}

/** By inode. Node can ask a descriptor neither its kind nor its path, but the kernel lists the Unix sockets: proc(5). */
function pathsOfUnixSockets(): Map<string, string> {
  const rows = readFileSync("/proc/self/net/unix", "utf8").trimEnd().split("\n").slice(1);
  return new Map(
    rows.map((row) => {
      const [, inode = "", path = ""] = /^(?:\S+ +){6}(\d+) ?(.*)$/.exec(row) ?? [];
      return [inode, path];
    }),
  );
}

function inodeOf(descriptor: number): string {
  const target = readlinkSync(`/proc/self/fd/${descriptor}`);
  const [, inode] = /^socket:\[(\d+)\]$/.exec(target) ?? [];
  if (inode === undefined) throw new StartError(`descriptor ${descriptor} was handed down and is no socket`);
  return inode;
}

/** Tells the service manager how the daemon is: sd_notify(3). Each is nothing where there is no `$NOTIFY_SOCKET`. */
export interface Notifier {
  /** It serves; from then on the watchdog hears from it twice in its time, as long as the event loop turns. */
  ready(): void;
  stopping(): void;
}

const nobody: Notifier = { ready() {}, stopping() {} };

export function createNotifier(environment: Environment, log: Logger): Notifier {
  const { NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID } = environment;
  if (!NOTIFY_SOCKET) return nobody;
  const isWatched = WATCHDOG_PID === undefined || WATCHDOG_PID === String(process.pid);
  const watchdogMs = isWatched ? Number(WATCHDOG_USEC ?? 0) / 1000 : 0;
  return {
    ready() {
      notify("--ready");
      if (watchdogMs > 0) setInterval(() => notify("WATCHDOG=1"), watchdogMs / 2).unref();
    },
    stopping: () => notify("STOPPING=1"),
  };

  /**
   * By systemd's own program, for Node has no datagram sockets on Unix paths. Without `--no-block`: it ends once the
   * manager has read it, who could no longer tell from whom it came after that.
   */
  function notify(message: string): void {
    const child = spawn("systemd-notify", [message], { stdio: "ignore" });
    child.once("error", (error) => log.error({ err: error }, `systemd was not told ${message}`));
    child.once("exit", (status) => {
      if (status !== 0) log.error({ status }, `systemd-notify ${message} failed`);
    });
    child.unref();
  }
}
