import type { CheckedParams, MethodName, Result } from "../protocol/index.ts";
import type { Call, Caller } from "./directory/caller.ts";
import type { Directory } from "./directory/directory.ts";

/** What a handler may do to the connection that carries its call. */
export interface ConnectionHandle {
  readonly caller: Caller;
  /** The peer's address; null on the Unix socket. */
  readonly address: string | null;
  /** What the client calls itself; shown as claimed. */
  readonly client: string | null;
  /** Makes the connection speak for somebody else; becoming anonymous ends its subscriptions. */
  become(caller: Caller): void;
}

/** Method → directory: a method of the contract without a handler does not compile. */
export type Handlers<Context> = {
  [M in MethodName]: (call: Call<M>, connection: ConnectionHandle, context: Context) => Promise<Result<M>>;
};

/** What handlers reach: the rules, and what only the daemon around them knows. */
export interface HandlerContext {
  directory: Directory;
  subscriptions: {
    subscribe(
      connection: ConnectionHandle,
      params: CheckedParams<"events.subscribe">,
    ): Promise<Result<"events.subscribe">>;
    unsubscribe(
      connection: ConnectionHandle,
      params: CheckedParams<"events.unsubscribe">,
    ): Promise<Result<"events.unsubscribe">>;
  };
  system: {
    info(): Promise<Result<"system.info">>;
    discover(): Promise<Result<"rpc.discover">>;
    backup(call: Call<"system.backup">): Promise<Result<"system.backup">>;
    verify(): Promise<Result<"system.verify">>;
  };
}

export const handlers: Handlers<HandlerContext> = {
  "system.ping": async ({ by }) => ({ at: by.at }),
  "system.info": (_call, _connection, { system }) => system.info(),
  "system.backup": (call, _connection, { system }) => system.backup(call),
  "system.verify": (_call, _connection, { system }) => system.verify(),

  "rpc.discover": (_call, _connection, { system }) => system.discover(),

  "auth.login": (call, connection, { directory }) => directory.auth.login(call, connection),
  "auth.loginWithKey": (call, connection, { directory }) => directory.auth.loginWithKey(call, connection),
  "auth.resume": (call, connection, { directory }) => directory.auth.resume(call, connection),
  "auth.logout": (call, connection, { directory }) => directory.auth.logout(call, connection),
  "auth.whoami": (call, _connection, { directory }) => directory.auth.whoami(call),
  "auth.reauthenticate": (call, _connection, { directory }) => directory.auth.reauthenticate(call),
  "auth.verifyPassword": (call, _connection, { directory }) => directory.verify.password(call),
  "auth.verifyKey": (call, _connection, { directory }) => directory.verify.key(call),

  "users.list": (call, _connection, { directory }) => directory.users.list(call),
  "users.get": (call, _connection, { directory }) => directory.users.get(call),
  "users.create": (call, _connection, { directory }) => directory.users.create(call),
  "users.update": (call, _connection, { directory }) => directory.users.update(call),
  "users.enable": (call, _connection, { directory }) => directory.users.enable(call),
  "users.disable": (call, _connection, { directory }) => directory.users.disable(call),
  "users.delete": (call, _connection, { directory }) => directory.users.delete(call),
  "users.import": (call, _connection, { directory }) => directory.users.import(call),
  "users.export": (call, _connection, { directory }) => directory.users.export(call),
  "users.restore": (call, _connection, { directory }) => directory.users.restore(call),
  "users.purge": (call, _connection, { directory }) => directory.users.purge(call),
  "users.unlock": (call, _connection, { directory }) => directory.users.unlock(call),
  "users.changePassword": (call, _connection, { directory }) => directory.passwords.change(call),
  "users.resetPassword": (call, _connection, { directory }) => directory.passwords.reset(call),

  "keys.list": (call, _connection, { directory }) => directory.keys.list(call),
  "keys.get": (call, _connection, { directory }) => directory.keys.get(call),
  "keys.create": (call, _connection, { directory }) => directory.keys.create(call),
  "keys.rotate": (call, _connection, { directory }) => directory.keys.rotate(call),
  "keys.update": (call, _connection, { directory }) => directory.keys.update(call),
  "keys.revoke": (call, _connection, { directory }) => directory.keys.revoke(call),
  "keys.revokeAll": (call, _connection, { directory }) => directory.keys.revokeAll(call),

  "sessions.list": (call, _connection, { directory }) => directory.sessions.list(call),
  "sessions.revoke": (call, _connection, { directory }) => directory.sessions.revoke(call),
  "sessions.revokeAll": (call, _connection, { directory }) => directory.sessions.revokeAll(call),

  "settings.get": (call, _connection, { directory }) => directory.settings.get(call),
  "settings.save": (call, _connection, { directory }) => directory.settings.save(call),
  "settings.reset": (call, _connection, { directory }) => directory.settings.reset(call),

  "presence.list": (call, _connection, { directory }) => directory.presence.list(call),
  "presence.set": (call, _connection, { directory }) => directory.presence.set(call),
  "presence.clear": (call, _connection, { directory }) => directory.presence.clear(call),
  "presence.statuses": (_call, _connection, { directory }) => directory.presence.statuses(),

  "roles.list": (call, _connection, { directory }) => directory.roles.list(call),
  "roles.permissions": (_call, _connection, { directory }) => directory.roles.permissions(),
  "roles.create": (call, _connection, { directory }) => directory.roles.create(call),
  "roles.update": (call, _connection, { directory }) => directory.roles.update(call),
  "roles.delete": (call, _connection, { directory }) => directory.roles.delete(call),

  "audit.query": (call, _connection, { directory }) => directory.audit.query(call),
  "audit.tip": (_call, _connection, { directory }) => directory.audit.tip(),

  "events.subscribe": ({ params }, connection, { subscriptions }) =>
    subscriptions.subscribe(connection, params),
  "events.unsubscribe": ({ params }, connection, { subscriptions }) =>
    subscriptions.unsubscribe(connection, params),
};
