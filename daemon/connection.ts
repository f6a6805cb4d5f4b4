import type { Socket } from "node:net";
import type { JSONRPCResponse } from "json-rpc-2.0";
import { WebSocket } from "ws";
import { answerText } from "./answer-text.ts";
import type { Clock } from "./clock.ts";
import { closeCodes } from "./close-codes.ts";
import type { Caller } from "./directory/caller.ts";
import { blocksLaterRequests, type Dispatch } from "./dispatch.ts";
import { type Entry, type Frame, readFrame } from "./envelope.ts";
import { FrameQueue } from "./frame-queue.ts";
import type { ConnectionHandle } from "./handlers.ts";
import { Heartbeat } from "./heartbeat.ts";
import type { Limits } from "./limits.ts";
import type { Logger } from "./log.ts";
import type { Meters } from "./metrics/meters.ts";
import { RequestQueue } from "./request-queue.ts";
import { textFrame } from "./text-frame.ts";

export interface ConnectionParts {
  socket: WebSocket;
  /** The TCP or Unix socket under it. */
  stream: Socket;
  caller: Caller;
  address: string | null;
  client: string | null;
  dispatch: Dispatch;
  limits: Limits;
  clock: Clock;
  log: Logger;
  meters: Meters;
  /** Called when the connection stops speaking for somebody, and when it ends: its subscriptions end. */
  onForsaken: (connection: Connection) => void;
  onClosed: (connection: Connection) => void;
}

/** A piece of a stream as Node reads it: more than a frame's limit may arrive before a frame is seen. */
const READ_CHUNK_BYTES = 64 * 1024;

/** One client: its frames in, the order of its requests, what it may cost, and its frames out. */
export class Connection implements ConnectionHandle {
  readonly address: string | null;
  readonly client: string | null;
  readonly #frames: FrameQueue;
  readonly #parts: ConnectionParts;
  readonly #requests: RequestQueue;
  readonly #heartbeat: Heartbeat;
  #caller: Caller;
  #anonymousSince: number;
  /** Bytes read since the last whole message. */
  #unframedBytes = 0;
  #relieved: (() => void)[] = [];

  constructor(parts: ConnectionParts) {
    const { socket, stream, caller, address, client, limits, clock } = parts;
    this.#parts = parts;
    this.#caller = caller;
    this.address = address;
    this.client = client;
    this.#anonymousSince = clock.elapsed();
    this.#frames = new FrameQueue({ socket, stream, elapsed: clock.elapsed(), onDrain: () => this.#steer() });
    this.#requests = new RequestQueue({
      limit: limits.inFlight,
      isHeld: () => this.#isCongested(),
      onDone: () => this.#steer(),
    });
    this.#heartbeat = new Heartbeat(socket, limits, clock.elapsed());
    // Before ws's own listener, so that a message that ends in this piece is seen after the piece was counted.
    stream.prependListener("data", (piece: Buffer) => this.#count(piece.length));
    socket.on("message", (data: Buffer, isBinary) => this.#receive(data, isBinary));
    // Without a listener an oversize frame would end the process; ws closes the connection by itself.
    socket.on("error", (error) =>
      parts.log.debug({ err: error, address }, "A client broke the WebSocket protocol"),
    );
    socket.on("close", () => this.#end());
  }

  get caller(): Caller {
    return this.#caller;
  }

  become(caller: Caller): void {
    this.#caller = caller;
    if (caller.kind !== "anonymous") return;
    this.#anonymousSince = this.#parts.clock.elapsed();
    this.#parts.onForsaken(this);
  }

  get isOpen(): boolean {
    return this.#parts.socket.readyState === WebSocket.OPEN;
  }

  /** Says why, and drops what the client has not taken yet. */
  close(code: number, reason: string): void {
    if (!this.isOpen) return;
    this.#parts.log.info(
      { code, reason, address: this.address, client: this.client },
      "Closing a connection",
    );
    this.#drop();
    this.#parts.socket.close(code, reason);
  }

  /** Ends it without waiting for the peer. */
  terminate(): void {
    this.#parts.socket.terminate();
  }

  /** Resolves once frames that can wait may be sent, or the connection is over. */
  async room(): Promise<void> {
    while (this.isOpen && (this.#isCongested() || this.#frames.isHolding)) {
      await new Promise<void>((resolve) => this.#relieved.push(resolve));
    }
  }

  /** Sends an event just happening; a client that cannot keep up with them is closed. */
  sendEvent(frame: Buffer): void {
    if (!this.isOpen) return;
    this.#parts.meters.eventsSent += 1;
    this.#frames.event(frame);
    if (this.#frames.liveEventBytes > this.#parts.limits.liveEventBytes) {
      this.close(closeCodes.tryAgainLater, "events come faster than they are read");
    }
  }

  /** Sends an event of the past; the sender waits for `room` before each lot. */
  replayEvent(frame: Buffer): void {
    if (!this.isOpen) return;
    this.#parts.meters.eventsSent += 1;
    this.#frames.replay(frame);
  }

  /** Enforces what depends on time; to be called about twice a second. */
  checkTime(): void {
    if (!this.isOpen) return;
    const { clock, limits } = this.#parts;
    const elapsed = clock.elapsed();
    if (!this.#heartbeat.check(elapsed)) {
      this.terminate();
    } else if (this.#caller.kind === "anonymous" && elapsed - this.#anonymousSince >= limits.authenticateMs) {
      const seconds = limits.authenticateMs / 1000;
      this.close(closeCodes.policyViolation, `not authenticated within ${seconds} s`);
    } else if (this.#frames.stalledMs(elapsed) >= limits.stallMs) {
      this.close(closeCodes.tryAgainLater, "nothing was read for too long");
    }
  }

  /** Keeps a stranger from having a frame of an authenticated client's size collected. */
  #count(bytes: number): void {
    this.#unframedBytes += bytes;
    const most = this.#parts.limits.anonymousFrameBytes + READ_CHUNK_BYTES;
    if (this.#caller.kind === "anonymous" && this.#unframedBytes > most) this.#refuseSize();
  }

  #refuseSize(): void {
    const { limits, stream } = this.#parts;
    const reason = `before authentication a frame has at most ${limits.anonymousFrameBytes} bytes`;
    this.close(closeCodes.tooBig, reason);
    // Whatever else comes is thrown away instead of being collected, so the peer's own goodbye is not waited for.
    stream.removeAllListeners("data").resume().end();
  }

  #receive(data: Buffer, isBinary: boolean): void {
    this.#unframedBytes = 0;
    if (!this.isOpen) return;
    const { limits } = this.#parts;
    if (isBinary) {
      this.close(closeCodes.unsupportedData, "send text frames");
    } else if (this.#caller.kind === "anonymous" && data.length > limits.anonymousFrameBytes) {
      this.#refuseSize();
    } else {
      this.#take(readFrame(data.toString(), limits));
      this.#steer();
    }
  }

  #take({ batch, entries }: Frame): void {
    if (batch) this.#takeBatch(entries);
    else for (const entry of entries) this.#takeSingle(entry);
  }

  #takeSingle(entry: Entry): void {
    this.#requests.push({
      blocks: isBlocking(entry),
      run: (done) =>
        this.#answer(entry, (answer) => {
          if (answer !== null) this.#send(answerText(answer));
          done();
        }),
    });
  }

  /** Each entry awaits the one before; the answers leave together. */
  #takeBatch(entries: readonly Entry[]): void {
    const answers: string[] = [];
    entries.forEach((entry, index) => {
      const isLast = index === entries.length - 1;
      this.#requests.push({
        blocks: !isLast || isBlocking(entry),
        run: (done) => {
          if (index === 0) this.#frames.hold();
          this.#answer(entry, (answer) => {
            if (answer !== null) answers.push(answerText(answer));
            if (isLast) this.#endBatch(answers);
            done();
          });
        },
      });
    });
  }

  #endBatch(answers: readonly string[]): void {
    if (answers.length > 0) this.#send(`[${answers.join(",")}]`);
    this.#frames.release();
  }

  #answer({ request, refusal }: Entry, then: (answer: JSONRPCResponse | null) => void): void {
    if (refusal) then(refusal);
    else this.#parts.dispatch(request, this).then(then);
  }

  #send(text: string): void {
    if (this.isOpen) this.#frames.answer(textFrame(text), this.#requests.size > 1);
  }

  /** Stops reading from a client that asks faster than it is answered or reads, and goes on when it has caught up. */
  #steer(): void {
    const { socket, limits } = this.#parts;
    if (!this.isOpen) return;
    const full = this.#requests.size >= limits.inFlight || this.#isCongested();
    if (full && !socket.isPaused) socket.pause();
    if (!full && socket.isPaused) socket.resume();
    if (this.#isCongested()) return;
    this.#requests.goOn();
    this.#relieve();
  }

  #isCongested(): boolean {
    return this.#frames.unsentBytes > this.#parts.limits.unsentBytes;
  }

  #relieve(): void {
    if (this.#relieved.length === 0) return;
    const waiting = this.#relieved;
    this.#relieved = [];
    for (const resume of waiting) resume();
  }

  #drop(): void {
    this.#requests.clear();
    this.#parts.meters.eventsDropped += this.#frames.clear();
  }

  #end(): void {
    this.#drop();
    this.#relieve();
    this.#parts.onForsaken(this);
    this.#parts.onClosed(this);
  }
}

function isBlocking({ request }: Entry): boolean {
  return request !== undefined && blocksLaterRequests(request.method);
}
