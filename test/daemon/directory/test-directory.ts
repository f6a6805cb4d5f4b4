import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { admit, findTarget, permit } from "../../../daemon/access.ts";
import { type Attempts, createAttempts } from "../../../daemon/directory/attempts.ts";
import type { LoginBudgetSize, VerifyBudgetSize } from "../../../daemon/directory/budget.ts";
import { actorOf, type Call, type Caller, resolveCaller } from "../../../daemon/directory/caller.ts";
import type { SettingsDefaults } from "../../../daemon/directory/context.ts";
import { createDirectory, type Directory, initialRecords } from "../../../daemon/directory/directory.ts";
import type { SessionLengths } from "../../../daemon/directory/lifetime.ts";
import type { DirectoryLimits } from "../../../daemon/directory/limits.ts";
import type { ScryptCost } from "../../../daemon/directory/password-hashing.ts";
import type { PresenceStatuses } from "../../../daemon/directory/presence.ts";
import type { Retention } from "../../../daemon/directory/retention.ts";
import { type HandlerContext, handlers } from "../../../daemon/handlers.ts";
import { defaultLimits } from "../../../daemon/limits.ts";
import type { FileSystem } from "../../../daemon/store/json/files.ts";
import { type JsonStore, openJsonStore } from "../../../daemon/store/json/json-store.ts";
import { createSystem } from "../../../daemon/system.ts";
import {
  type ApiKey,
  type CheckedParams,
  type Entry,
  type MethodName,
  methods,
  type Params,
  ProtocolError,
  type Result,
  type User,
} from "../../../protocol/index.ts";
import { errorsOf } from "../../../protocol/openrpc-errors.ts";

/** Cheap: what the cost does is tested where hashing is. */
export const CHEAP_COST = { logN: 1, r: 8, p: 1 };
export const PASSWORD = "correct horse battery staple";
export const ADDRESS = "192.0.2.7";
export const ANONYMOUS: Caller = { kind: "anonymous", address: ADDRESS };
export const LOCAL: Caller = { kind: "local", address: null, client: "root on console" };
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export interface Options {
  scryptCost?: ScryptCost;
  loginBudget?: LoginBudgetSize;
  verifyBudget?: VerifyBudgetSize;
  minPasswordLength?: number;
  limits?: DirectoryLimits;
  sessionLengths?: SessionLengths;
  presenceStatuses?: PresenceStatuses;
  settingsDefaults?: SettingsDefaults;
  retention?: Retention;
  io?: FileSystem;
}

interface Parts {
  store: JsonStore;
  directory: Directory;
  attempts: Attempts;
}

/** The rules over the real store in a directory of its own, with a clock that the test moves. */
export class TestDirectory {
  /** The data directory. */
  readonly path: string;
  readonly #options: Options;
  #ms = Date.parse("2026-01-01T12:00:00.000Z");
  #elapsed = 0;
  #parts: Parts | null = null;
  /** All entries in order, as subscribers and the audit get them. */
  readonly entries: Entry[] = [];
  /** What the wire would count. */
  readonly connections = new Map<string, number>();

  constructor(path: string, options: Options) {
    this.path = path;
    this.#options = options;
  }

  get #open(): Parts {
    if (!this.#parts) throw new Error("not open");
    return this.#parts;
  }

  get store(): JsonStore {
    return this.#open.store;
  }

  get directory(): Directory {
    return this.#open.directory;
  }

  get attempts(): Attempts {
    return this.#open.attempts;
  }

  /** What handlers reach; subscriptions are for tests with connections. */
  get context(): HandlerContext {
    return {
      directory: this.directory,
      subscriptions: {
        subscribe: async () => ({ subscription: "s1", seq: 0, epoch: "e" }),
        unsubscribe: async () => ({}),
      },
      system: createSystem({ store: this.store, version: "0", limits: defaultLimits, startedAt: this.#ms }),
    };
  }

  get now(): string {
    return new Date(this.#ms).toISOString();
  }

  advance(ms: number): void {
    this.#ms += ms;
    this.#elapsed += ms;
  }

  /** Sets the clock forward or back, while no time passes. */
  setClock(by: number): void {
    this.#ms += by;
  }

  /** What the daemon does every half second. */
  sweep(now = this.#ms): Promise<void> {
    return this.directory.sweep(now, this.#elapsed);
  }

  async open(): Promise<this> {
    const now = () => this.#ms;
    const { io, ...options } = this.#options;
    const initial = initialRecords();
    const store = await openJsonStore({ directory: this.path, initial, now, ...(io && { io }) });
    store.onEntries((entries) => this.entries.push(...entries));
    const attempts = createAttempts({ store, now });
    const connectionsOf = (id: string) => this.connections.get(id) ?? 0;
    const parts = { store, now, attempts, connectionsOf, scryptCost: CHEAP_COST, ...options };
    this.#parts = { store, attempts, directory: createDirectory(parts) };
    return this;
  }

  async restart(): Promise<void> {
    await this.store.close();
    await this.open();
  }

  async close(): Promise<void> {
    await this.store.close();
    await rm(this.path, { recursive: true, force: true });
  }

  /** Calls a method as the daemon's dispatch does; `become` hears what the connection speaks for afterwards. */
  async call<M extends MethodName>(
    caller: Caller,
    method: M,
    given: Params<M>,
    become: (caller: Caller) => void = () => {},
  ): Promise<Result<M>> {
    try {
      return await this.#perform(caller, method, given, become);
    } catch (error) {
      assertDeclared(method, error);
      throw error;
    }
  }

  async #perform<M extends MethodName>(
    caller: Caller,
    method: M,
    given: Params<M>,
    become: (caller: Caller) => void,
  ): Promise<Result<M>> {
    const by = admit(await resolveCaller(this.store, caller, this.now), caller, method);
    const params = methods[method].params.parse(given) as CheckedParams<M>;
    const found = await findTarget(this.store, by, method, params);
    permit(by, method, params, found);
    const call: Call<M> = {
      method,
      params,
      by,
      found,
      change: (work) =>
        this.store.transaction(actorOf(by), async (tx) => {
          const byNow = admit(await resolveCaller(tx, caller, tx.at), caller, method);
          const foundNow = await findTarget(tx, byNow, method, params);
          permit(byNow, method, params, foundNow);
          return work(tx, byNow, foundNow);
        }),
    };
    const connection = { caller, address: caller.address, client: "test", become };
    const result = await handlers[method](call, connection, this.context);
    methods[method].result.parse(result);
    return result;
  }

  /** A user made by the operator; with `password`, one who need not change it. */
  async user(username: string, fields: Partial<Params<"users.create">> = {}): Promise<User> {
    const params = { username, mustChangePassword: false, ...fields };
    const { user } = await this.call(LOCAL, "users.create", params);
    return user;
  }

  /** A user with the good password, logged in. */
  async person(username: string, roles: string[] = [], fields: Partial<Params<"users.create">> = {}) {
    const user = await this.user(username, { password: PASSWORD, roles, ...fields });
    return { user, caller: await this.login(username) };
  }

  async login(username: string, password = PASSWORD, from: Caller = ANONYMOUS): Promise<Caller> {
    let caller = from;
    await this.call(from, "auth.login", { username, password }, (next) => {
      caller = next;
    });
    return caller;
  }

  /** A key of a user, made by the operator; without a list it holds all that the user holds now. */
  async key(user: string, permissions?: string[]): Promise<{ caller: Caller; secret: string; key: ApiKey }> {
    const params = { user, name: "a tool", ...(permissions && { permissions }) };
    const { key, secret } = await this.call(LOCAL, "keys.create", params);
    return { key, secret, caller: { kind: "key", keyId: key.id, address: ADDRESS } };
  }

  /** A role made by the operator. */
  async role(name: string, permissions: string[]): Promise<void> {
    await this.call(LOCAL, "roles.create", { name, permissions });
  }

  /** What is gathered is written, and listeners have heard of all that was. */
  async settle(): Promise<void> {
    this.#open.attempts.flush();
    const mark = { kind: "system", id: "settled" } as const;
    await this.store.transaction({ ...mark, id: null, name: null, address: null }, async (tx) => {
      tx.entry("usage.recorded", { ...mark, name: "" });
    });
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** The entries of these types so far. */
  async entriesOf(...types: string[]): Promise<Entry[]> {
    await this.settle();
    return this.entries.filter(({ type }) => types.includes(type));
  }
}

/** Whatever a method refuses with stands in its declaration, and so in the document that clients read. */
function assertDeclared(method: MethodName, error: unknown): void {
  if (!(error instanceof ProtocolError) || error.reason === undefined) return;
  const declared = errorsOf(methods[method]);
  if (!declared.includes(error.reason)) throw new Error(`${method} does not declare ${error.reason}`);
}

/** Opened for this test, and removed with it. */
export async function openTestDirectory(options: Options = {}): Promise<TestDirectory> {
  const test = await newTestDirectory(options);
  onTestFinished(() => test.close());
  return test;
}

/** Opened for `work`, and removed after it: for tests that need many. */
export async function withTestDirectory<T>(
  options: Options,
  work: (roster: TestDirectory) => Promise<T>,
): Promise<T> {
  const test = await newTestDirectory(options);
  try {
    return await work(test);
  } finally {
    await test.close();
  }
}

async function newTestDirectory(options: Options): Promise<TestDirectory> {
  return new TestDirectory(await mkdtemp(join(tmpdir(), "roster-rules-")), options).open();
}

/** The error of the contract that a call ends in. */
export async function refusalOf(call: Promise<unknown>): Promise<ProtocolError> {
  return call.then(
    (result) => {
      throw new Error(`expected a refusal, got ${JSON.stringify(result)}`);
    },
    (error) => error,
  );
}

/** The stable word of a call's refusal, or its code where it has none. */
export async function reasonOf(call: Promise<unknown>): Promise<string | number> {
  const error = await refusalOf(call);
  return error.reason ?? error.code ?? String(error);
}
