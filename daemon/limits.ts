const KIB = 1024;
const MIB = 1024 * KIB;

/** What one client may cost the daemon, and for how long. Each is refused with a clear error at limit + 1. */
export interface Limits {
  /** Bytes of a frame from a client that has not authenticated yet. */
  anonymousFrameBytes: number;
  frameBytes: number;
  /** Levels of arrays and objects in one message. */
  jsonDepth: number;
  batchEntries: number;
  /** Requests taken from one connection and not yet answered; past it the socket is not read. */
  inFlight: number;
  connections: number;
  anonymousPerAddress: number;
  /** Milliseconds that a client has to authenticate. */
  authenticateMs: number;
  /** Milliseconds between pings. */
  pingMs: number;
  /** Unanswered pings after which the peer counts as dead. */
  missedPings: number;
  /** Bytes not yet taken by the client above which the daemon stops reading from it. */
  unsentBytes: number;
  /** Bytes of live events not yet taken by the client at which it is closed. */
  liveEventBytes: number;
  /** Milliseconds without progress after which a client that does not read is closed. */
  stallMs: number;
  /** Milliseconds of silence after which a subscription is told its position. */
  positionMs: number;
}

export const defaultLimits: Limits = {
  anonymousFrameBytes: 16 * KIB,
  frameBytes: MIB,
  jsonDepth: 32,
  batchEntries: 50,
  inFlight: 128,
  connections: 1000,
  anonymousPerAddress: 64,
  authenticateMs: 60_000,
  pingMs: 20_000,
  missedPings: 2,
  unsentBytes: MIB,
  liveEventBytes: 4 * MIB,
  stallMs: 30_000,
  positionMs: 20_000,
};
