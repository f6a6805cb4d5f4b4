import { type Kind, wholeNumber } from "./config/kinds.ts";
import { fill, rowsOf, type Setting, setting, type Values } from "./config/setting.ts";
import { defaultDirectoryLimits } from "./directory/limits.ts";

const KIB = 1024;
const MIB = 1024 * KIB;
const MINUTE_MS = 60_000;

/** What one client may cost the daemon, and for how long. Each is refused with a clear error at limit + 1. */
export const limitSettings = {
  anonymousFrameBytes: limit(16 * KIB, wholeNumber(KIB, MIB), "bytes of a frame before authentication"),
  frameBytes: limit(MIB, wholeNumber(16 * KIB, 64 * MIB), "bytes of a frame"),
  jsonDepth: limit(32, wholeNumber(8, 128), "levels of arrays and objects in one message"),
  batchEntries: limit(50, wholeNumber(1, 1000), "requests in one batch"),
  inFlight: limit(
    128,
    wholeNumber(1, 10_000),
    "requests taken from one connection and not yet answered; past it the socket is not read",
  ),
  connections: limit(1000, wholeNumber(1, 100_000), "connections"),
  anonymousPerAddress: limit(
    64,
    wholeNumber(1, 100_000),
    "connections from one address that have not authenticated",
  ),
  authenticateMs: limit(MINUTE_MS, wholeNumber(1000, 60 * MINUTE_MS), "milliseconds to authenticate in"),
  pingMs: limit(20_000, wholeNumber(1000, 60 * MINUTE_MS), "milliseconds between pings"),
  missedPings: limit(2, wholeNumber(1, 100), "unanswered pings after which the peer counts as dead"),
  unsentBytes: limit(
    MIB,
    wholeNumber(16 * KIB, 1024 * MIB),
    "bytes not yet taken by the client above which the daemon stops reading from it",
  ),
  liveEventBytes: limit(
    4 * MIB,
    wholeNumber(16 * KIB, 1024 * MIB),
    "bytes of live events not yet taken by the client at which it is closed",
  ),
  stallMs: limit(
    30_000,
    wholeNumber(1000, 60 * MINUTE_MS),
    "milliseconds without progress after which a client that does not read is closed",
  ),
  positionMs: limit(
    20_000,
    wholeNumber(1000, 60 * MINUTE_MS),
    "milliseconds of silence after which a subscription is told its position",
  ),
  roles: limit(defaultDirectoryLimits.roles, wholeNumber(4, 100_000), "roles, the built-in ones among them"),
  keysPerUser: limit(defaultDirectoryLimits.keysPerUser, wholeNumber(1, 10_000), "live keys of a user"),
  sessionsPerUser: limit(
    defaultDirectoryLimits.sessionsPerUser,
    wholeNumber(1, 10_000),
    "sessions of a user; past it the one that was idle longest ends",
  ),
  settingsBytes: limit(
    defaultDirectoryLimits.settingsBytes,
    wholeNumber(KIB, MIB),
    "bytes of a user's settings as JSON",
  ),
};

export type Limits = Values<typeof limitSettings>;

const defaults = new Map(rowsOf(limitSettings).map(({ key, setting }) => [key, setting.default]));
export const defaultLimits: Limits = fill(limitSettings, (key) => defaults.get(key));

function limit(value: number, kind: Kind<number>, help: string): Setting<number> {
  return setting({ kind, default: value, help, reloads: true });
}
