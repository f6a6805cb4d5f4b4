import type { SessionRecord, UsageRecord } from "../store/records.ts";
import { after, idleMsOf, type SessionEnd, type SessionLengths, sessionEndAt } from "./lifetime.ts";
import { Earliest } from "./sweep.ts";

/** How time has ended sessions by an instant, and when it will end the first of those that go on. */
export class SessionEnds {
  /** How many of those asked about have ended. */
  ended = 0;
  readonly #endOf: ReturnType<typeof sessionEndAt>;
  readonly #next = new Earliest();
  /** The least recent use of those that may be idle as long: it ends first, and only its end is reckoned. */
  readonly #firstUses = new Map<number, string>();

  constructor(at: string) {
    this.#endOf = sessionEndAt(at);
  }

  /** Undefined while the session goes on. */
  of(session: SessionRecord, usage: UsageRecord | undefined): SessionEnd | undefined {
    const end = this.#endOf(session, usage);
    if (end) this.ended += 1;
    else this.#goesOn(session, usage?.lastUsedAt ?? session.createdAt);
    return end;
  }

  /** The first end to come of those asked about, unless they are used meanwhile. */
  get next(): string {
    const next = new Earliest();
    next.add(this.#next.instant);
    for (const [idleMs, lastUsedAt] of this.#firstUses) next.add(after(lastUsedAt, idleMs));
    return next.instant;
  }

  #goesOn(session: SessionRecord, lastUsedAt: string): void {
    this.#next.add(session.expiresAt);
    const idleMs = idleMsOf(session);
    const first = this.#firstUses.get(idleMs);
    if (first === undefined || lastUsedAt < first) this.#firstUses.set(idleMs, lastUsedAt);
  }
}

/** A stretch of time in which no session ends, so that none needs to be looked at. */
export class StretchWithoutEnds {
  readonly #shortestMs: number;
  #from = "";
  #until = "";

  constructor({ idle, absolute }: SessionLengths) {
    this.#shortestMs = Math.min(idle, absolute);
  }

  covers(at: string): boolean {
    return at >= this.#from && at < this.#until;
  }

  /** To be told once all sessions were asked about by this instant. */
  begin(at: string, ends: SessionEnds): void {
    if (ends.ended > 0) return;
    const until = new Earliest();
    until.add(ends.next);
    // Those that begin meanwhile go on at least so long.
    until.add(after(at, this.#shortestMs));
    this.#from = at;
    this.#until = until.instant;
  }
}
