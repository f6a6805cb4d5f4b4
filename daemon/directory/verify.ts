import { type Actor, normaliseUsername, ProtocolError, type Result } from "../../protocol/index.ts";
import type { KeyRecord, UserRecord } from "../store/records.ts";
import type { Allowance } from "./budget.ts";
import { actorOf, type Call, type CallerNow } from "./caller.ts";
import type { Context } from "./context.ts";
import { invalidCredentials, isSameAccount } from "./credentials.ts";
import { hasExpired, keyStatus } from "./lifetime.ts";
import { narrowed, permissionsBy, sorted } from "./permissions.ts";
import { userSubject } from "./subjects.ts";
import { viewOf } from "./views.ts";

type PasswordVerdict = Result<"auth.verifyPassword">;
type KeyVerdict = Result<"auth.verifyKey">;

/** Somebody at another service, which presents their password or key here. */
interface Guest {
  /** The service, with its end user's address where it tells one. */
  actor: Actor;
  allowance: Allowance;
}

/** Logins and key checks of services that leave them to Roster. */
export function createVerify({ store, now, hashing, credentials, lockout, keyView, verifyBudget }: Context) {
  function guestOf(by: CallerNow, address: string | undefined): Guest {
    const service = actorOf(by);
    return {
      actor: { ...service, address: address ?? service.address },
      allowance: verifyBudget(`${service.kind} ${service.id}`, address),
    };
  }

  /** A login as `auth.login` is one, so that who only ever logs in elsewhere does not pass for idle. */
  function noteLogin(
    proven: UserRecord,
    passwordHash: string | null,
    actor: Actor,
  ): Promise<PasswordVerdict> {
    return store.transaction(actor, async (tx) => {
      const user = await tx.user(proven.id);
      if (!user || !isSameAccount(user, proven, tx.at)) throw invalidCredentials();
      const next: UserRecord = { ...user, passwordHash, lastLoginAt: tx.at };
      tx.put("users", next);
      await lockout.clear(tx, next);
      tx.entry("password.verified", userSubject(next));
      const standing = await tx.standing(next);
      return {
        valid: true,
        user: viewOf(standing, tx.at),
        permissions: sorted(permissionsBy(standing.roles)),
      };
    });
  }

  async function judgePassword(
    { params, by }: Call<"auth.verifyPassword">,
    username: string,
  ): Promise<PasswordVerdict> {
    const { password } = params;
    const { actor, allowance } = guestOf(by, params.address);
    const found = await store.userByName(username);
    const proof = { username, user: found, password, counts: isThere };
    const { user, weak } = await credentials.provePassword(proof, actor, allowance);
    const reason = whyNoEntry(user, now());
    if (reason) {
      await credentials.noteEnded(actor, user);
      return { valid: false, reason };
    }
    if (user.mustChangePassword) return { valid: false, reason: "passwordChangeRequired" };
    return noteLogin(user, weak ? await hashing.hash(password) : user.passwordHash, actor);
  }

  async function judgeKey({ params, by }: Call<"auth.verifyKey">): Promise<KeyVerdict> {
    const { actor, allowance } = guestOf(by, params.address);
    const { key, owner } = await credentials.findKey(params.key, actor, allowance);
    const { at } = by;
    const reason = whyNoUse(key, owner, at);
    if (reason) {
      await credentials.noteEnded(actor, owner, key);
      return { valid: false, reason };
    }
    store.countUse(key.id, at, actor.address);
    const standing = await store.standing(owner);
    return {
      valid: true,
      user: viewOf(standing, at),
      key: await keyView(store, key, at, owner),
      permissions: sorted(narrowed(key, permissionsBy(standing.roles))),
    };
  }

  return {
    password(call: Call<"auth.verifyPassword">): Promise<PasswordVerdict> {
      return orInvalid(judgePassword(call, normaliseUsername(call.params.username)));
    },

    key(call: Call<"auth.verifyKey">): Promise<KeyVerdict> {
      return orInvalid(judgeKey(call));
    },
  };
}

/** What is wrong is an answer here, and no error. */
function orInvalid<T>(verdict: Promise<T>): Promise<T | { valid: false; reason: "invalidCredentials" }> {
  return verdict.catch((error) => {
    if (!(error instanceof ProtocolError) || error.reason !== "invalidCredentials") throw error;
    return { valid: false, reason: "invalidCredentials" };
  });
}

/** A deleted account answers as one that never was. */
function isThere({ deletedAt }: UserRecord): boolean {
  return deletedAt === null;
}

function whyNoEntry(user: UserRecord, at: string): "disabled" | "expired" | undefined {
  if (!user.active) return "disabled";
  return hasExpired(user, at) ? "expired" : undefined;
}

function whyNoUse(key: KeyRecord, owner: UserRecord, at: string): KeyVerdict["reason"] {
  const status = keyStatus(key, at);
  if (status === "revoked" || !isThere(owner)) return "invalidCredentials";
  return status === "expired" ? "expired" : whyNoEntry(owner, at);
}
