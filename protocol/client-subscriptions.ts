import type { Link } from "./client-link.ts";
import { ProtocolError, reasonCodes } from "./errors.ts";
import type { Entry, EventNotification, Topic } from "./events.ts";
import type { Result } from "./methods.ts";

/** What a subscriber hears. `gap`: changes were missed for good, so fetch afresh what you show. */
export type ClientEvent = { kind: "entry"; entry: Entry } | { kind: "gap" };

/** A subscription that outlives connections. */
export interface Subscription {
  close(): void;
}

/** One listener and how far it has heard. */
export interface Follower {
  topics: Topic[] | undefined;
  listener: (event: ClientEvent) => void;
  /** Position and epoch of what was heard last; null before the first answer, and after a gap. */
  heard: { seq: number; epoch: string } | null;
  /** A gap that the listener has not been told of yet. */
  missed: boolean;
}

/** The subscriptions of one client, across its connections: nothing twice, nothing left out unsaid. */
export class Subscriptions {
  readonly #timeoutMs: number;
  readonly #followers = new Set<Follower>();
  /** By the daemon's name for the subscription, which lives as long as the connection. */
  readonly #named = new Map<string, Follower>();
  /** Events whose subscribe answer has not been read yet. */
  #early: EventNotification[] = [];
  /** Followers whose subscribe answer is awaited. */
  readonly #asking = new Set<Follower>();

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** @throws {ProtocolError} as `events.subscribe` does; then nothing is kept. */
  async add(
    link: Link,
    topics: Topic[] | undefined,
    listener: (event: ClientEvent) => void,
  ): Promise<Follower> {
    const follower: Follower = { topics, listener, heard: null, missed: false };
    this.#followers.add(follower);
    try {
      await this.#ask(link, follower);
    } catch (error) {
      this.#followers.delete(follower);
      throw error;
    }
    return follower;
  }

  /** Takes every follower up again where it stopped, on a new connection or after a new login. */
  async restore(link: Link): Promise<void> {
    const attached = new Set([...this.#named.values(), ...this.#asking]);
    const detached = [...this.#followers].filter((follower) => !attached.has(follower));
    await Promise.all(detached.map((follower) => this.#resume(link, follower)));
  }

  /** Stops following, and has the daemon stop sending if there is a connection. */
  remove(link: Link | null, follower: Follower): void {
    this.#followers.delete(follower);
    const name = [...this.#named].find(([, other]) => other === follower)?.[0];
    if (name === undefined) return;
    this.#named.delete(name);
    if (link) this.#unsubscribe(link, name);
  }

  /** The connection is gone, and the daemon's names with it. */
  detach(): void {
    this.#named.clear();
    this.#early = [];
  }

  clear(): void {
    this.#followers.clear();
    this.detach();
  }

  receive(params: unknown): void {
    if (!isNotification(params)) return;
    const follower = this.#named.get(params.subscription);
    if (follower) deliver(follower, params);
    else if (this.#asking.size > 0) this.#early.push(params);
  }

  async #resume(link: Link, follower: Follower): Promise<void> {
    try {
      await this.#ask(link, follower);
    } catch (error) {
      if (!(error instanceof ProtocolError) || error.code !== reasonCodes.resumePointGone) throw error;
      follower.heard = null;
      follower.missed = true;
      await this.#ask(link, follower);
    }
  }

  /** Subscribes from where the follower stands. */
  async #ask(link: Link, follower: Follower): Promise<void> {
    const { topics, heard } = follower;
    const params = { ...(topics && { topics }), ...(heard && { since: heard.seq, epoch: heard.epoch }) };
    this.#asking.add(follower);
    try {
      const answer = await link.call("events.subscribe", params, this.#timeoutMs);
      this.#attach(link, follower, answer);
    } finally {
      this.#asking.delete(follower);
      if (this.#asking.size === 0) this.#early = [];
    }
  }

  #attach(link: Link, follower: Follower, answer: Result<"events.subscribe">): void {
    if (!this.#followers.has(follower)) {
      this.#unsubscribe(link, answer.subscription);
      return;
    }
    const fresh = follower.heard === null;
    const heard = follower.heard ?? { seq: 0, epoch: answer.epoch };
    follower.heard = heard;
    if (!link.lost) this.#named.set(answer.subscription, follower);
    if (follower.missed) follower.listener({ kind: "gap" });
    follower.missed = false;
    this.#deliverEarly(answer.subscription, follower);
    if (fresh) heard.seq = Math.max(heard.seq, answer.seq);
  }

  #unsubscribe(link: Link, subscription: string): void {
    // Refused or unanswered, it matters no more: events of a subscription that nobody follows are dropped.
    link.call("events.unsubscribe", { subscription }, this.#timeoutMs).catch(() => {});
  }

  #deliverEarly(name: string, follower: Follower): void {
    const events = this.#early.filter(({ subscription }) => subscription === name);
    this.#early = this.#early.filter(({ subscription }) => subscription !== name);
    for (const event of events) deliver(follower, event);
  }
}

function deliver(follower: Follower, notification: EventNotification): void {
  if (!follower.heard || notification.seq <= follower.heard.seq) return;
  follower.heard.seq = notification.seq;
  if (isPosition(notification)) return;
  const { subscription: _, ...entry } = notification;
  follower.listener({ kind: "entry", entry });
}

function isPosition(
  notification: EventNotification,
): notification is Extract<EventNotification, { type: "position" }> {
  return notification.type === "position";
}

function isNotification(params: unknown): params is EventNotification {
  const { subscription, seq, type } = Object(params) as Partial<EventNotification>;
  return typeof subscription === "string" && typeof seq === "number" && typeof type === "string";
}
