import type { Entry, EventNotification } from "../protocol/index.ts";
import { textFrame } from "./text-frame.ts";

/**
 * One entry as the frames that its subscribers get. Names of subscriptions are unique within a connection only, so
 * nearly all subscribers share one name, and one serialisation.
 */
export class EventFrames {
  readonly #entry: Entry;
  readonly #withAddress = new Map<string, Buffer>();
  readonly #withoutAddress = new Map<string, Buffer>();

  constructor(entry: Entry) {
    this.#entry = entry;
  }

  frame(subscription: string, showsAddress: boolean): Buffer {
    const made = showsAddress ? this.#withAddress : this.#withoutAddress;
    const ready = made.get(subscription);
    if (ready !== undefined) return ready;
    const { actor } = this.#entry;
    const shown = showsAddress ? actor : { ...actor, address: null };
    const frame = eventFrame({ subscription, ...this.#entry, actor: shown });
    made.set(subscription, frame);
    return frame;
  }
}

export function eventFrame(params: EventNotification): Buffer {
  return textFrame(JSON.stringify({ jsonrpc: "2.0", method: "event", params }));
}
