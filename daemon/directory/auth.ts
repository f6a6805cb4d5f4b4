import { type Actor, normaliseUsername, type Principal, type Result, refusal } from "../../protocol/index.ts";
import type { UserRecord } from "../store/records.ts";
import type { Reader } from "../store/store.ts";
import { actorOf, type Call, type Caller, type CallerNow, resolveCaller } from "./caller.ts";
import type { Context } from "./context.ts";
import { invalidCredentials, isSameAccount, sessionExpired } from "./credentials.ts";
import { sorted } from "./permissions.ts";
import { endSession, openSession } from "./sessions.ts";
import { userSubject } from "./subjects.ts";
import { roleNames } from "./views.ts";

/** The connection as far as authentication changes it. */
export interface AuthConnection {
  readonly address: string | null;
  /** What the client calls itself. */
  readonly client: string | null;
  become(caller: Caller): void;
}

/** Who a connection speaks for. */
export function createAuth(context: Context) {
  const { store, now, hashing, credentials, lockout } = context;

  async function principal(caller: Caller): Promise<Principal> {
    const by = await resolveCaller(store, caller, now());
    if (!by) throw sessionExpired();
    return principalOf(store, by);
  }

  return {
    async login(call: Call<"auth.login">, connection: AuthConnection): Promise<Result<"auth.login">> {
      assertAnonymous(call.by);
      const username = normaliseUsername(call.params.username);
      const found = await store.userByName(username);
      const { password } = call.params;
      const proof = await credentials.provePassword({ username, user: found, password }, actorOf(call.by));
      const rehashed = proof.weak ? await hashing.hash(password) : proof.user.passwordHash;

      const { session, token } = await store.transaction(sessionActor(proof.user, connection), async (tx) => {
        const user = await tx.user(proof.user.id);
        if (!user || !isSameAccount(user, proof.user, tx.at)) throw invalidCredentials();
        tx.put("users", { ...user, passwordHash: rehashed, lastLoginAt: tx.at });
        await lockout.clear(tx, user);
        return openSession(context, tx, user, connection);
      });

      const caller: Caller = { kind: "session", sessionId: session.id, address: connection.address };
      store.countUse(session.id, session.createdAt, connection.address);
      connection.become(caller);
      return { token, expiresAt: session.expiresAt, principal: await principal(caller) };
    },

    async loginWithKey(
      call: Call<"auth.loginWithKey">,
      connection: AuthConnection,
    ): Promise<Result<"auth.loginWithKey">> {
      assertAnonymous(call.by);
      const caller = await speakForKey(call.params.key, actorOf(call.by));
      connection.become(caller);
      return { principal: await principal(caller) };
    },

    async resume(call: Call<"auth.resume">, connection: AuthConnection): Promise<Result<"auth.resume">> {
      assertAnonymous(call.by);
      const { session } = await credentials.proveToken(call.params.token, actorOf(call.by));
      const caller: Caller = { kind: "session", sessionId: session.id, address: connection.address };
      store.countUse(session.id, now(), connection.address);
      connection.become(caller);
      return { expiresAt: session.expiresAt, principal: await principal(caller) };
    },

    /** Whom the bearer of an upgrade request speaks for: a session token or an API key. Throws 401 and 429. */
    async authenticateBearer(secret: string, address: string | null): Promise<Caller> {
      const actor: Actor = { kind: "anonymous", id: null, name: null, address };
      if (secret.startsWith("rk_")) return speakForKey(secret, actor);
      const { session } = await credentials.proveToken(secret, actor);
      store.countUse(session.id, now(), address);
      return { kind: "session", sessionId: session.id, address };
    },

    async logout(call: Call<"auth.logout">, connection: AuthConnection): Promise<Result<"auth.logout">> {
      if (call.by.kind === "session") {
        await call.change(async (tx, by) => {
          if (by.kind === "session") endSession(tx, by.session, by.user, "logout");
        });
      }
      connection.become({ kind: "anonymous", address: connection.address });
      return {};
    },

    whoami(call: Call<"auth.whoami">): Promise<Result<"auth.whoami">> {
      return principalOf(store, call.by);
    },

    async reauthenticate(call: Call<"auth.reauthenticate">): Promise<Result<"auth.reauthenticate">> {
      const { by } = call;
      if (by.kind !== "session") throw sessionExpired();
      const { user } = by;
      const proof = { username: user.username, user, password: call.params.password };
      await credentials.provePassword(proof, actorOf(by));
      await call.change(async (tx, current) => {
        if (current.kind !== "session" || !isSameAccount(current.user, user, tx.at))
          throw invalidCredentials();
        await lockout.clear(tx, current.user);
        tx.put("sessions", { ...current.session, reauthenticatedAt: tx.at });
        tx.entry("session.reauthenticated", userSubject(current.user));
      });
      return principal(by.caller);
    },
  };

  async function speakForKey(secret: string, actor: Actor): Promise<Caller> {
    const { key } = await credentials.proveKey(secret, actor);
    store.countUse(key.id, now(), actor.address);
    return { kind: "key", keyId: key.id, address: actor.address };
  }
}

/** The caller as `auth.whoami` shows it. */
export async function principalOf(reader: Reader, by: CallerNow): Promise<Principal> {
  const user = by.kind === "session" || by.kind === "key" ? by.user : null;
  return {
    kind: by.kind,
    userId: user?.id ?? null,
    username: user?.username ?? null,
    keyId: by.kind === "key" ? by.key.id : null,
    roles: user ? await roleNames(reader, user) : [],
    permissions: sorted(by.permissions),
    mustChangePassword: by.kind === "session" && by.user.mustChangePassword,
    reauthenticatedAt: by.kind === "session" ? by.session.reauthenticatedAt : null,
  };
}

function sessionActor({ id, username }: UserRecord, { address }: AuthConnection): Actor {
  return { kind: "session", id, name: username, address };
}

function assertAnonymous(by: CallerNow): void {
  if (by.kind === "anonymous") return;
  const who = "user" in by ? by.user.username : "the operator of this machine";
  throw refusal("invalidState", `This connection already speaks for ${who}; call auth.logout first`);
}
