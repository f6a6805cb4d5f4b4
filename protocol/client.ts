import type { Principal } from "./auth.ts";
import { Backoff } from "./client-backoff.ts";
import { NotConnected } from "./client-errors.ts";
import { type ClientSocket, Link, type MethodCall, type Outcome, type Timers } from "./client-link.ts";
import { type Credential, type Login, logIn, loginAfter } from "./client-login.ts";
import { type ClientEvent, type Subscription, Subscriptions } from "./client-subscriptions.ts";
import type { ProtocolError } from "./errors.ts";
import type { Topic } from "./events.ts";
import type { MethodName, Params, Result } from "./methods.ts";

/**
 * `online` may be anonymous: then `refused` says why the key or session was not accepted, if there was one.
 * `waiting` tries again at `retryAt` (milliseconds since the epoch). `closed` is final; its error is null after `close()`.
 */
export type ConnectionState =
  | { phase: "connecting" }
  | { phase: "online"; principal: Principal; refused: ProtocolError | null }
  | { phase: "waiting"; retryAt: number; error: Error }
  | { phase: "closed"; error: Error | null };

export interface ClientOptions {
  /** Opens one socket; rejects when it cannot be opened. */
  connect(): Promise<ClientSocket>;
  credential?: Credential;
  /** When to connect again by itself; `afterFirst` (the default) closes when the first attempt fails. */
  reconnect?: "afterFirst" | "always" | "never";
  /** For calls that name no other; default 30 s. */
  timeoutMs?: number;
  timers?: Timers;
}

export interface CallOptions {
  timeoutMs?: number;
}

type Outcomes<C extends readonly MethodCall[]> = {
  -readonly [I in keyof C]: Outcome<Result<C[I]["method"]>>;
};

/** A typed client of rosterd that keeps its connection, its login and its subscriptions; it never repeats a call. */
export interface Client {
  readonly state: ConnectionState;
  /** Calls on every change from now on; the result ends that. */
  onState(listener: (state: ConnectionState) => void): () => void;
  /** Resolves once online; rejects with the reason once closed. */
  online(): Promise<Principal>;
  /** @throws {ProtocolError | ConnectionLost | CallTimeout | NotConnected} */
  call<M extends MethodName>(method: M, params: Params<M>, options?: CallOptions): Promise<Result<M>>;
  /** One JSON-RPC batch: the daemon takes the calls in order, and one that fails does not stop the next. */
  batch<const C extends readonly MethodCall[]>(calls: C, options?: CallOptions): Promise<Outcomes<C>>;
  /** Follows changes until closed, through lost connections and new logins; `auth.logout` ends it. */
  subscribe(options: { topics?: Topic[] }, listener: (event: ClientEvent) => void): Promise<Subscription>;
  close(): void;
}

const systemTimers: Timers = {
  now: Date.now,
  after(ms, work) {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
  random: Math.random,
};

/** Begins to connect at once. */
export function createClient(options: ClientOptions): Client {
  return new RosterClient(options);
}

class RosterClient implements Client {
  readonly #options: ClientOptions;
  readonly #timers: Timers;
  readonly #timeoutMs: number;
  readonly #listeners = new Set<(state: ConnectionState) => void>();
  readonly #subscriptions: Subscriptions;
  readonly #backoff: Backoff;
  #state: ConnectionState = { phase: "connecting" };
  #credential: Credential | null;
  /** The connection once it is authenticated. */
  #link: Link | null = null;
  #wasOnline = false;
  #cancelRetry = () => {};

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#timers = options.timers ?? systemTimers;
    this.#timeoutMs = options.timeoutMs ?? 30_000;
    this.#backoff = new Backoff(this.#timers);
    this.#subscriptions = new Subscriptions(this.#timeoutMs);
    this.#credential = options.credential ?? null;
    this.#open();
  }

  get state(): ConnectionState {
    return this.#state;
  }

  onState(listener: (state: ConnectionState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  online(): Promise<Principal> {
    return new Promise((resolve, reject) => {
      const settle = (state: ConnectionState) => {
        if (state.phase === "online") resolve(state.principal);
        else if (state.phase === "closed") reject(state.error ?? new NotConnected());
        else return;
        stop();
      };
      const stop = this.onState(settle);
      settle(this.#state);
    });
  }

  async call<M extends MethodName>(
    method: M,
    params: Params<M>,
    { timeoutMs = this.#timeoutMs }: CallOptions = {},
  ): Promise<Result<M>> {
    const link = this.#connected();
    const result = await link.call(method, params, timeoutMs);
    this.#learn(link, { method, params } as MethodCall, result);
    return result;
  }

  async batch<const C extends readonly MethodCall[]>(
    calls: C,
    { timeoutMs = this.#timeoutMs }: CallOptions = {},
  ): Promise<Outcomes<C>> {
    if (calls.length === 0) return [] as unknown as Outcomes<C>;
    const link = this.#connected();
    const outcomes = await link.batch(calls, timeoutMs);
    for (const [index, call] of calls.entries()) {
      const outcome = outcomes[index];
      if (outcome?.ok) this.#learn(link, call, outcome.result);
    }
    return outcomes as Outcomes<C>;
  }

  async subscribe(
    { topics }: { topics?: Topic[] },
    listener: (event: ClientEvent) => void,
  ): Promise<Subscription> {
    const follower = await this.#subscriptions.add(this.#connected(), topics, listener);
    return { close: () => this.#subscriptions.remove(this.#link, follower) };
  }

  close(): void {
    if (this.#state.phase !== "closed") this.#end(null);
  }

  #connected(): Link {
    if (!this.#link) throw new NotConnected();
    return this.#link;
  }

  #open(): void {
    this.#dial().then(
      ({ link, login }) => this.#begin(link, login),
      (error) => this.#lose(error),
    );
  }

  async #dial(): Promise<{ link: Link; login: Login }> {
    const link = new Link(await this.#options.connect(), this.#timers, {
      onEvent: (params) => this.#subscriptions.receive(params),
      onClosed: (error) => {
        if (this.#link === link) this.#lose(error);
      },
    });
    try {
      return { link, login: await logIn(link, this.#credential, this.#timeoutMs) };
    } catch (error) {
      link.close();
      throw error;
    }
  }

  #begin(link: Link, login: Login): void {
    if (link.lost) {
      this.#lose(link.lost);
    } else if (this.#state.phase === "closed") {
      link.close();
    } else {
      this.#link = link;
      this.#wasOnline = true;
      this.#backoff.online();
      this.#speakAs(link, login);
    }
  }

  #learn(link: Link, call: MethodCall, result: unknown): void {
    if (this.#link !== link || this.#state.phase !== "online") return;
    const { principal, refused } = this.#state;
    const login = loginAfter(call, result, { principal, refused, credential: this.#credential });
    if (call.method === "auth.logout") this.#subscriptions.clear();
    if (login) this.#speakAs(link, login);
  }

  #speakAs(link: Link, { principal, credential, refused }: Login): void {
    this.#credential = credential;
    this.#enter({ phase: "online", principal, refused });
    if (principal.kind === "anonymous" || principal.mustChangePassword) return;
    this.#subscriptions.restore(link).catch((error) => this.#abandon(link, error));
  }

  /** Gives up a connection on which the subscriptions could not be taken up: the next one tries again. */
  #abandon(link: Link, error: Error): void {
    if (this.#link !== link) return;
    this.#lose(error);
    link.close();
  }

  #lose(error: Error): void {
    if (this.#state.phase === "closed") return;
    this.#link = null;
    this.#subscriptions.detach();
    const { reconnect = "afterFirst" } = this.#options;
    if (reconnect === "always" || (reconnect === "afterFirst" && this.#wasOnline)) this.#retry(error);
    else this.#end(error);
  }

  #retry(error: Error): void {
    const delay = this.#backoff.next(error);
    this.#enter({ phase: "waiting", retryAt: this.#timers.now() + delay, error });
    this.#cancelRetry = this.#timers.after(delay, () => {
      this.#enter({ phase: "connecting" });
      this.#open();
    });
  }

  #end(error: Error | null): void {
    this.#cancelRetry();
    const link = this.#link;
    this.#link = null;
    this.#credential = null;
    this.#subscriptions.clear();
    this.#enter({ phase: "closed", error });
    link?.close();
  }

  #enter(state: ConnectionState): void {
    this.#state = state;
    for (const listener of [...this.#listeners]) listener(state);
  }
}
