import {
  type Client,
  type ClientEvent,
  type ClientSocket,
  type ConnectionState,
  type Credential,
  createClient,
  type Entry,
  type MethodName,
  NotConnected,
  type Params,
  type Principal,
  ProtocolError,
  type Result,
} from "../protocol/index.ts";
import { asError } from "./as-error.ts";

/** A connection as screens see it. `signedOut`: there is none, because a person has to prove who they are first. */
export type SessionState = { phase: "signedOut"; why: string | null } | ConnectionState;

/** The daemon wants a fresh password proof before it does what was asked. */
export interface PasswordQuestion {
  /** @throws what `auth.reauthenticate` does; the question stays. */
  answer(password: string): Promise<void>;
  /** What was asked for fails with the daemon's refusal. */
  cancel(): void;
}

/** What a person signs in with. */
export type Proof = { username: string; password: string } | { key: string };

export interface SessionOptions {
  /** Opens one socket to the daemon; rejects when it cannot be opened. */
  connect(): Promise<ClientSocket>;
  credential?: Credential;
  /** Where it connects to, for people. */
  target: string;
  /** A Unix socket: the daemon knows us without a login. */
  local: boolean;
}

/** An immutable picture for rendering. */
export interface SessionSnapshot {
  state: SessionState;
  /** Who we are, or were when the connection was lost or the session ended; null before the first sign-in. */
  principal: Principal | null;
  question: PasswordQuestion | null;
  /** Why changes made elsewhere do not arrive; null when they do, or there is no connection. */
  deaf: string | null;
}

/**
 * The TUI's one connection: who we are, calls that ask for the password where the daemon wants it again, and one
 * stream of changes. It outlives lost connections and ended sessions; nobody is left connected and anonymous, because
 * the daemon closes such connections after a minute.
 */
export class Session {
  readonly target: string;
  readonly #options: SessionOptions;
  readonly #watchers = new Set<() => void>();
  readonly #followers = new Set<(event: ClientEvent) => void>();
  #snapshot: SessionSnapshot = {
    state: { phase: "signedOut", why: null },
    principal: null,
    question: null,
    deaf: null,
  };
  #client: Client | null = null;
  #subscribed = false;
  #proof: Promise<void> | null = null;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.target = options.target;
  }

  /** Connects where that needs no person: by the socket, or with a key. */
  start(): void {
    const { connect, credential, local } = this.#options;
    if (local || credential) this.#adopt(createClient({ connect, credential, reconnect: "always" }));
  }

  /** Resolves once it is known who we are or that a person has to say so, and after `patienceMs` at the latest. */
  settled(patienceMs: number): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (this.#snapshot.state.phase !== "connecting") settle();
      };
      const settle = () => {
        clearTimeout(timer);
        stop();
        resolve();
      };
      const stop = this.watch(look);
      const timer = setTimeout(settle, patienceMs);
      look();
    });
  }

  get snapshot(): SessionSnapshot {
    return this.#snapshot;
  }

  /** Calls on every new snapshot; the result ends that. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Hears all changes while signed in; `gap` says that some were missed. The result ends that. */
  follow(follower: (event: ClientEvent) => void): () => void {
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  }

  /** @throws what the client throws; a refusal for want of a fresh password proof only when nobody gives it. */
  async call<M extends MethodName>(method: M, params: Params<M>): Promise<Result<M>> {
    try {
      return await this.#connected().call(method, params);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      // Somebody reset the password meanwhile: learning that leads to the change.
      if (error.reason === "passwordChangeRequired") await this.#connected().call("auth.whoami", {});
      if (error.reason !== "reauthenticationRequired") throw error;
      await this.#askPassword(error);
      return this.#connected().call(method, params);
    }
  }

  /** Connects and proves who we are. @throws when either fails; then we are still signed out. */
  async signIn(proof: Proof): Promise<void> {
    const client = createClient({ connect: this.#options.connect });
    try {
      await client.online();
      if ("key" in proof) await client.call("auth.loginWithKey", proof);
      else await client.call("auth.login", proof);
    } catch (error) {
      client.close();
      throw error;
    }
    this.#adopt(client);
  }

  /** Ends the session; nothing of it stays open. @throws when the daemon cannot be told. */
  async signOut(): Promise<void> {
    await this.#connected().call("auth.logout", {});
    this.#show({ principal: null });
  }

  close(): void {
    this.#client?.close();
  }

  #connected(): Client {
    if (!this.#client) throw new NotConnected();
    return this.#client;
  }

  #adopt(client: Client): void {
    this.#client = client;
    this.#subscribed = false;
    client.onState((state) => this.#enter(client, state));
    this.#enter(client, client.state);
  }

  #enter(client: Client, state: ConnectionState): void {
    if (client !== this.#client) return;
    if (state.phase === "online" && state.principal.kind === "anonymous") {
      this.#client = null;
      this.#show({ state: { phase: "signedOut", why: state.refused?.message ?? null } });
      client.close();
      return;
    }
    this.#show(state.phase === "online" ? { state, principal: state.principal } : { state });
    if (state.phase === "online" && !state.principal.mustChangePassword) void this.#subscribe(client);
  }

  /** Once a client: it takes the subscription up again by itself. Where that fails, the next connection tries anew. */
  async #subscribe(client: Client): Promise<void> {
    if (this.#subscribed) return;
    this.#subscribed = true;
    try {
      await client.subscribe({}, (event) => this.#tell(event));
      this.#show({ deaf: null });
      this.#tell({ kind: "gap" });
    } catch (error) {
      if (client !== this.#client) return;
      this.#subscribed = false;
      this.#show({ deaf: asError(error).message });
    }
  }

  #tell(event: ClientEvent): void {
    const { principal } = this.#snapshot;
    if (event.kind === "entry" && principal && movesPermissions(event.entry, principal)) this.#askWho();
    for (const follower of this.#followers) follower(event);
  }

  /** What we may do has perhaps changed. Where that cannot be asked, the next connection tells it. */
  #askWho(): void {
    this.#client?.call("auth.whoami", {}).catch(() => {});
  }

  #askPassword(refusal: ProtocolError): Promise<void> {
    this.#proof ??= new Promise<void>((resolve, reject) => {
      const settle = (outcome: () => void) => {
        this.#proof = null;
        this.#show({ question: null });
        outcome();
      };
      const answer = async (password: string) => {
        await this.#connected().call("auth.reauthenticate", { password });
        settle(resolve);
      };
      this.#show({ question: { answer, cancel: () => settle(() => reject(refusal)) } });
    });
    return this.#proof;
  }

  #show(change: Partial<SessionSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change };
    for (const watcher of this.#watchers) watcher();
  }
}

/** Whether a change may have given the caller permissions or taken them. */
function movesPermissions({ type, subject }: Entry, { kind, userId, keyId }: Principal): boolean {
  if (kind === "local") return false;
  if (type === "role.updated") return true;
  return (
    (type === "user.updated" && subject?.id === userId) || (type === "key.updated" && subject?.id === keyId)
  );
}
