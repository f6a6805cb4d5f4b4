import { setImmediate as nextTurn } from "node:timers/promises";
import { type CheckedParams, type Entry, type Result, refusal, type Topic } from "../protocol/index.ts";
import type { Clock } from "./clock.ts";
import { closeCodes } from "./close-codes.ts";
import type { Connection } from "./connection.ts";
import { type Caller, type CallerNow, resolveCaller } from "./directory/caller.ts";
import { EventFrames, eventFrame } from "./event-frames.ts";
import type { ConnectionHandle } from "./handlers.ts";
import type { Limits } from "./limits.ts";
import type { Logger } from "./log.ts";
import type { Store } from "./store/store.ts";
import { eventTopic, maySee, showsAddress } from "./visibility.ts";

export interface SubscriptionsParts {
  store: Store;
  limits: Limits;
  clock: Clock;
  log: Logger;
}

interface Subscription {
  name: string;
  topics: ReadonlySet<Topic> | null;
  /** Entries up to here are none of its business, or were replayed. */
  position: number;
  /** False while older entries are replayed. */
  live: boolean;
  /** When it last heard anything, on the clock that only grows. */
  toldAt: number;
}

interface Subscriber {
  connection: Connection;
  subscriptions: Map<string, Subscription>;
  lastName: number;
}

/** An event on its way to several subscribers. */
interface Outgoing {
  entry: Entry;
  topic: Topic;
  frames: EventFrames;
}

const MOST_PER_CONNECTION = 20;

/** Sends each entry, after it is on disk and in order, to those subscribers who may see it at that moment. */
export class Subscriptions {
  readonly #parts: SubscriptionsParts;
  readonly #subscribers = new Map<ConnectionHandle, Subscriber>();
  /** Groups are delivered one after another, so that their order holds. */
  #delivery: Promise<void> = Promise.resolve();
  /** The last position whose delivery has begun, and the last whose delivery has ended. */
  #begun: number;
  #delivered: number;

  constructor(parts: SubscriptionsParts) {
    this.#parts = parts;
    this.#begun = parts.store.status().seq;
    this.#delivered = this.#begun;
    parts.store.onEntries((entries) => this.#take(entries));
  }

  /** Lets a connection subscribe from now on. */
  attach(connection: Connection): void {
    this.#subscribers.set(connection, { connection, subscriptions: new Map(), lastName: 0 });
  }

  /** How many there are, of all connections. */
  get size(): number {
    return [...this.#subscribers.values()].reduce((sum, { subscriptions }) => sum + subscriptions.size, 0);
  }

  /** Ends the subscriptions of a connection, which stays and may subscribe again. */
  endAll(connection: ConnectionHandle): void {
    this.#subscribers.get(connection)?.subscriptions.clear();
  }

  detach(connection: ConnectionHandle): void {
    this.#subscribers.delete(connection);
  }

  /**
   * Begins a subscription: all that comes after the `seq` answered will be sent.
   *
   * Throws 410 `resumePointGone` when what came after `since` is not kept, and 422 past 20 on one connection.
   */
  async subscribe(
    connection: ConnectionHandle,
    { topics, since, epoch }: CheckedParams<"events.subscribe">,
  ): Promise<Result<"events.subscribe">> {
    const subscriber = this.#subscribers.get(connection);
    if (subscriber === undefined) throw refusal("invalidState", "The connection is closed");
    if (subscriber.subscriptions.size >= MOST_PER_CONNECTION) {
      const most = `This connection has ${MOST_PER_CONNECTION} subscriptions already; end one first`;
      throw refusal("invalidState", most);
    }
    const head = this.#parts.store.status();
    if (since !== undefined) this.#assertKept(since, epoch ?? head.epoch, head);
    subscriber.lastName += 1;
    const subscription: Subscription = {
      name: `s${subscriber.lastName}`,
      topics: topics === undefined ? null : new Set(topics),
      position: since ?? head.seq,
      live: since === undefined,
      toldAt: this.#parts.clock.elapsed(),
    };
    subscriber.subscriptions.set(subscription.name, subscription);
    if (!subscription.live) this.#startReplay(subscriber, subscription);
    return { subscription: subscription.name, seq: subscription.position, epoch: head.epoch };
  }

  /** Throws 404. */
  async unsubscribe(
    connection: ConnectionHandle,
    { subscription }: CheckedParams<"events.unsubscribe">,
  ): Promise<Result<"events.unsubscribe">> {
    const ended = this.#subscribers.get(connection)?.subscriptions.delete(subscription);
    if (!ended) throw refusal("notFound", `This connection has no subscription ${subscription}`);
    return {};
  }

  /** Tells silent subscriptions how far everything has been sent; to be called about twice a second. */
  tellPositions(): void {
    const elapsed = this.#parts.clock.elapsed();
    for (const { connection, subscriptions } of this.#subscribers.values()) {
      for (const subscription of subscriptions.values()) {
        const silentMs = elapsed - subscription.toldAt;
        if (!subscription.live || silentMs < this.#parts.limits.positionMs) continue;
        const seq = Math.max(subscription.position, this.#delivered);
        connection.sendEvent(eventFrame({ subscription: subscription.name, seq, type: "position" }));
        subscription.toldAt = elapsed;
      }
    }
  }

  #assertKept(since: number, epoch: string, head: { seq: number; epoch: string }): void {
    const kept = epoch === head.epoch && since <= head.seq && this.#parts.store.entriesSince(since) !== null;
    if (kept) return;
    const message = `Events since position ${since} are not kept: fetch afresh, then subscribe without since`;
    throw refusal("resumePointGone", message, { seq: head.seq, epoch: head.epoch });
  }

  #take(entries: readonly Entry[]): void {
    const last = entries.at(-1);
    if (last === undefined) return;
    this.#begun = last.seq;
    this.#delivery = this.#delivery
      .then(() => this.#deliver(entries))
      .catch((error) => this.#parts.log.error({ err: error, seq: last.seq }, "Events could not be delivered"))
      .then(() => {
        this.#delivered = last.seq;
      });
  }

  async #deliver(entries: readonly Entry[]): Promise<void> {
    const callers = await this.#callersNow();
    if (callers.size === 0) return;
    const events = outgoing(entries);
    for (const { connection, subscriptions } of this.#subscribers.values()) {
      const by = callers.get(identity(connection.caller));
      if (by === undefined) continue;
      for (const subscription of subscriptions.values()) {
        if (!subscription.live) continue;
        for (const frame of this.#framesFor(by, subscription, events)) connection.sendEvent(frame);
      }
    }
  }

  /** Each subscriber as it is at this moment; those who share a session or key are looked up once. */
  async #callersNow(): Promise<Map<string, CallerNow>> {
    const at = new Date(this.#parts.clock.now()).toISOString();
    const callers = new Map<string, CallerNow>();
    for (const { connection, subscriptions } of [...this.#subscribers.values()]) {
      if (subscriptions.size === 0 || callers.has(identity(connection.caller))) continue;
      const { caller } = connection;
      const by = await resolveCaller(this.#parts.store, caller, at);
      if (by !== undefined) callers.set(identity(caller), by);
    }
    return callers;
  }

  #framesFor(by: CallerNow, subscription: Subscription, events: readonly Outgoing[]): Buffer[] {
    const { name, topics, position } = subscription;
    const shown = events.filter(
      ({ entry, topic }) =>
        entry.seq > position && (topics === null || topics.has(topic)) && maySee(by, entry, topic),
    );
    if (shown.length > 0) subscription.toldAt = this.#parts.clock.elapsed();
    return shown.map(({ frames }) => frames.frame(name, showsAddress(by)));
  }

  #startReplay(subscriber: Subscriber, subscription: Subscription): void {
    this.#replay(subscriber, subscription).catch((error) => {
      this.#parts.log.error({ err: error }, "Events could not be replayed");
      subscriber.connection.close(closeCodes.tryAgainLater, "events could not be replayed");
    });
  }

  /** Sends what came since the subscription's position, as fast as it is read, then goes over to live without a gap. */
  async #replay(subscriber: Subscriber, subscription: Subscription): Promise<void> {
    // The answer that names the subscription goes first.
    await nextTurn();
    while (!subscription.live) {
      const begun = this.#begun;
      const groups = this.#parts.store.entriesSince(subscription.position);
      if (groups === null) throw new Error("the entries to be replayed were pruned meanwhile");
      for await (const entries of groups) {
        await subscriber.connection.room();
        if (!isCurrent(subscriber, subscription)) return;
        await this.#replayGroup(subscriber, subscription, entries);
      }
      subscription.position = Math.max(subscription.position, begun);
      subscription.live = this.#begun <= subscription.position;
    }
  }

  async #replayGroup(
    { connection }: Subscriber,
    subscription: Subscription,
    entries: readonly Entry[],
  ): Promise<void> {
    const at = new Date(this.#parts.clock.now()).toISOString();
    const by = await resolveCaller(this.#parts.store, connection.caller, at);
    if (by === undefined) return;
    for (const frame of this.#framesFor(by, subscription, outgoing(entries))) connection.replayEvent(frame);
    subscription.position = entries.at(-1)?.seq ?? subscription.position;
  }
}

function outgoing(entries: readonly Entry[]): Outgoing[] {
  return entries.flatMap((entry) => {
    const topic = eventTopic(entry);
    return topic === undefined ? [] : [{ entry, topic, frames: new EventFrames(entry) }];
  });
}

/** Whether the connection is open and the subscription has not been ended. */
function isCurrent({ connection, subscriptions }: Subscriber, subscription: Subscription): boolean {
  return connection.isOpen && subscriptions.get(subscription.name) === subscription;
}

function identity(caller: Caller): string {
  switch (caller.kind) {
    case "session":
      return `session ${caller.sessionId}`;
    case "key":
      return `key ${caller.keyId}`;
    default:
      return caller.kind;
  }
}
