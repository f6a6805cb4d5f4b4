import type { Socket } from "node:net";
import { Exchange, listen, Tally, type Traffic } from "./exchange.ts";

/** How requests are sent. */
export type Shape = Busy | Paced | FanOut;

/** `connections` sockets, each keeping `inFlight` requests unanswered. */
export interface Busy {
  connections: number;
  inFlight: number;
}

/** One request each `everyMilliseconds` on one socket, whether or not those before have been answered. */
export interface Paced {
  connections: 1;
  everyMilliseconds: number;
}

/**
 * `connections` sockets that have had `subscribe` answered. The first sends one request at a time, which every one
 * of them is told of; waited for is the last delivery.
 */
export interface FanOut {
  connections: number;
  subscribe: string;
}

/** Sends one frame after the other until time is up and at least one answer has come. Throws at the first that is an error. */
export function drive(
  sockets: Socket[],
  next: NextFrame,
  shape: Shape,
  milliseconds: number,
): Promise<Traffic> {
  if ("inFlight" in shape) return keepBusy(sockets, next, shape.inFlight, milliseconds);
  const [first] = sockets;
  if (!first) throw new Error("there is no socket to send on");
  if ("subscribe" in shape) return fanOut(sockets, first, next, milliseconds);
  return pace(first, next, shape.everyMilliseconds, milliseconds);
}

export type NextFrame = () => Buffer;

/** After the last frame the first one again. */
export function inTurn(frames: readonly Buffer[]): NextFrame {
  let next = 0;
  return () => {
    const frame = frames[next % frames.length];
    if (!frame) throw new Error("there is no request to send");
    next += 1;
    return frame;
  };
}

function keepBusy(sockets: Socket[], next: NextFrame, inFlight: number, until: number): Promise<Traffic> {
  return new Promise((resolve, reject) => {
    const tally = new Tally();
    const isOver = () => tally.elapsed >= until && tally.answers > 0;
    for (const socket of sockets) {
      const exchange = new Exchange(
        socket,
        tally,
        (answers) => {
          if (isOver()) resolve(tally.traffic());
          else if (answers > 0) exchange.send(Array.from({ length: answers }, next));
        },
        reject,
      );
      exchange.send(Array.from({ length: inFlight }, next));
    }
  });
}

function pace(socket: Socket, next: NextFrame, every: number, until: number): Promise<Traffic> {
  return new Promise((resolve, reject) => {
    const tally = new Tally();
    const timer = setInterval(() => {
      if (tally.elapsed < until) exchange.send([next()]);
      else finishOnceAnswered();
    }, every);
    const finishOnceAnswered = (): void => {
      if (exchange.unanswered > 0 || tally.answers === 0) return;
      clearInterval(timer);
      resolve(tally.traffic());
    };
    const exchange = new Exchange(
      socket,
      tally,
      () => {},
      (error) => {
        clearInterval(timer);
        reject(error);
      },
    );
    exchange.send([next()]);
  });
}

/** The first socket gets its answer beside the event, hence one frame more than there are sockets. */
function fanOut(sockets: Socket[], first: Socket, next: NextFrame, until: number): Promise<Traffic> {
  return new Promise((resolve, reject) => {
    const tally = new Tally();
    let since = 0;
    let missing = 0;
    const change = (): void => {
      missing = sockets.length + 1;
      since = performance.now();
      first.write(next());
    };
    for (const socket of sockets) {
      listen(
        socket,
        (frames, bytes) => {
          tally.came(frames, bytes);
          missing -= frames;
          if (missing > 0) return;
          tally.waited(performance.now() - since);
          if (tally.elapsed >= until) resolve(tally.traffic());
          else change();
        },
        reject,
      );
    }
    change();
  });
}
