import type { Socket } from "node:net";
import { createFrameCounter } from "./raw-socket.ts";

/** What some requests brought. */
export interface Traffic {
  /** Frames that came. */
  answers: number;
  /** Bytes received, frame headers included. */
  bytes: number;
  milliseconds: number;
  /** Of what was waited for, in milliseconds. */
  p50: number;
  p99: number;
}

/** Adds up what comes, from its making on. */
export class Tally {
  readonly #start = performance.now();
  readonly #waits: number[] = [];
  #answers = 0;
  #bytes = 0;

  get elapsed(): number {
    return performance.now() - this.#start;
  }

  get answers(): number {
    return this.#answers;
  }

  came(frames: number, bytes: number): void {
    this.#answers += frames;
    this.#bytes += bytes;
  }

  waited(milliseconds: number): void {
    this.#waits.push(milliseconds);
  }

  traffic(): Traffic {
    const sorted = this.#waits.sort((a, b) => a - b);
    return {
      answers: this.#answers,
      bytes: this.#bytes,
      milliseconds: this.elapsed,
      p50: at(sorted, 0.5),
      p99: at(sorted, 0.99),
    };
  }
}

/**
 * Calls `came` with the frames and bytes of each chunk that a server sends, and `failed` when it closes the
 * connection or a frame is the answer to a refused request.
 */
export function listen(
  socket: Socket,
  came: (frames: number, bytes: number) => void,
  failed: (error: Error) => void,
): void {
  const count = createFrameCounter();
  socket.on("error", failed);
  socket.on("close", () => failed(new Error("the server closed the connection")));
  socket.on("data", (chunk) => {
    if (chunk.includes('"error":')) {
      failed(new Error(`the server refused: ${chunk.toString("utf8").slice(0, 300)}`));
    } else {
      came(count(chunk), chunk.length);
    }
  });
}

/** Requests and answers of one socket, paired in order. */
export class Exchange {
  readonly #socket: Socket;
  #sent: number[] = [];
  #oldest = 0;

  /** `answered` is called after the tally with how many answers came at once. */
  constructor(
    socket: Socket,
    tally: Tally,
    answered: (answers: number) => void,
    failed: (error: Error) => void,
  ) {
    this.#socket = socket;
    listen(
      socket,
      (frames, bytes) => {
        tally.came(frames, bytes);
        const now = performance.now();
        for (const since of this.#take(frames)) tally.waited(now - since);
        answered(frames);
      },
      failed,
    );
  }

  get unanswered(): number {
    return this.#sent.length - this.#oldest;
  }

  send(frames: readonly Buffer[]): void {
    const now = performance.now();
    for (const _ of frames) this.#sent.push(now);
    this.#socket.write(frames.length === 1 && frames[0] ? frames[0] : Buffer.concat(frames));
  }

  /** When the oldest unanswered requests were sent. */
  #take(count: number): number[] {
    const taken = this.#sent.slice(this.#oldest, this.#oldest + count);
    this.#oldest += count;
    if (this.#oldest > 4096) {
      this.#sent = this.#sent.slice(this.#oldest);
      this.#oldest = 0;
    }
    return taken;
  }
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
