import type { Socket } from "node:net";
import type { WebSocket } from "ws";

export interface FrameQueueParts {
  socket: WebSocket;
  /** The TCP or Unix socket under it. */
  stream: Socket;
  /** Now, on the clock that only grows. */
  elapsed: number;
  /** Called when the client has taken all that was handed to the system. */
  onDrain: () => void;
}

interface WaitingFrame {
  frame: Buffer;
  live: boolean;
}

/** Handed to the system at a time, so that a slow client's progress shows and the rest can still be dropped. */
const WRITE_AHEAD_BYTES = 256 * 1024;

/**
 * Frames on their way to one client, in order: answers at once, events after the answers that precede them. They are
 * whole WebSocket frames and go to the stream past `ws`, whose `send` makes two pieces of each. Between them ws sends
 * its pings, pongs and the closing frame, each whole too since nothing is compressed.
 */
export class FrameQueue {
  readonly #socket: WebSocket;
  readonly #stream: Socket;
  #waiting: WaitingFrame[] = [];
  #waitingBytes = 0;
  #held: Buffer[] = [];
  #holds = 0;
  #liveBytes = 0;
  #corked = false;
  /** Bytes that the client had taken when there last was progress, and when that was. */
  #takenBytes = 0;
  #progressAt: number;

  constructor({ socket, stream, elapsed, onDrain }: FrameQueueParts) {
    this.#socket = socket;
    this.#stream = stream;
    this.#progressAt = elapsed;
    stream.on("drain", () => {
      this.#writeWaiting();
      onDrain();
    });
  }

  /** `more`: other answers may follow in this turn of the event loop, and leave in the same system call. */
  answer(frame: Buffer, more: boolean): void {
    if (more) this.#cork();
    this.#send(frame, false);
  }

  /** Sends an event that is just happening; one that is replayed goes by `replay`. */
  event(frame: Buffer): void {
    if (this.#holds === 0) {
      this.#cork();
      this.#send(frame, true);
    } else {
      this.#held.push(frame);
      this.#liveBytes += frame.length;
    }
  }

  replay(frame: Buffer): void {
    this.#cork();
    this.#send(frame, false);
  }

  /** Keeps events back until `release`: the answers to a batch precede the events of its changes. */
  hold(): void {
    this.#holds += 1;
  }

  release(): void {
    this.#holds -= 1;
    if (this.#holds > 0) return;
    const held = this.#held;
    this.#held = [];
    for (const frame of held) {
      this.#liveBytes -= frame.length;
      this.event(frame);
    }
  }

  get isHolding(): boolean {
    return this.#holds > 0;
  }

  /** Bytes that the client has not taken yet. */
  get unsentBytes(): number {
    return this.#socket.bufferedAmount + this.#waitingBytes;
  }

  /** Bytes of live events among those that wait here. */
  get liveEventBytes(): number {
    return this.#liveBytes;
  }

  /** How long nothing was taken although something waits; to be asked every second or so. */
  stalledMs(elapsed: number): number {
    const taken = this.#stream.bytesWritten - this.#stream.writableLength;
    if (this.unsentBytes === 0 || taken !== this.#takenBytes) {
      this.#takenBytes = taken;
      this.#progressAt = elapsed;
    }
    return elapsed - this.#progressAt;
  }

  /** Forgets what waits: the client is gone. Answers how many live events were among it. */
  clear(): number {
    const dropped = this.#held.length + this.#waiting.filter(({ live }) => live).length;
    this.#waiting = [];
    this.#held = [];
    this.#waitingBytes = 0;
    this.#liveBytes = 0;
    return dropped;
  }

  #send(frame: Buffer, live: boolean): void {
    if (this.#waiting.length === 0 && this.#hasRoom()) {
      this.#stream.write(frame);
      return;
    }
    this.#waiting.push({ frame, live });
    this.#waitingBytes += frame.length;
    if (live) this.#liveBytes += frame.length;
  }

  #hasRoom(): boolean {
    return this.#socket.bufferedAmount < WRITE_AHEAD_BYTES;
  }

  #writeWaiting(): void {
    if (this.#waiting.length === 0) return;
    this.#cork();
    let written = 0;
    for (const { frame, live } of this.#waiting) {
      if (!this.#hasRoom()) break;
      this.#stream.write(frame);
      this.#waitingBytes -= frame.length;
      if (live) this.#liveBytes -= frame.length;
      written += 1;
    }
    this.#waiting.splice(0, written);
  }

  /** What is written from here to the end of this turn of the event loop leaves in one system call. */
  #cork(): void {
    if (this.#corked) return;
    this.#corked = true;
    this.#stream.cork();
    process.nextTick(() => {
      this.#corked = false;
      this.#stream.uncork();
    });
  }
}
