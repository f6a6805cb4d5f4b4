import type { WebSocket } from "ws";
import type { Limits } from "./limits.ts";

/** Finds out that a peer is gone although its connection still stands. */
export class Heartbeat {
  readonly #socket: WebSocket;
  readonly #limits: Limits;
  #unanswered = 0;
  #pingedAt: number;

  constructor(socket: WebSocket, limits: Limits, elapsed: number) {
    this.#socket = socket;
    this.#limits = limits;
    this.#pingedAt = elapsed;
    socket.on("pong", () => {
      this.#unanswered = 0;
    });
  }

  /** Pings when it is time to; false once the peer counts as dead. To be called every second or so. */
  check(elapsed: number): boolean {
    if (elapsed - this.#pingedAt < this.#limits.pingMs) return true;
    // A pong cannot be read from a socket that we have stopped reading.
    if (this.#socket.isPaused) this.#unanswered = 0;
    if (this.#unanswered >= this.#limits.missedPings) return false;
    this.#pingedAt = elapsed;
    this.#unanswered += 1;
    this.#socket.ping();
    return true;
  }
}
