import { type Actor, refusal } from "../../protocol/index.ts";
import type { KeyRecord, SessionRecord, UserRecord } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import type { Attempts } from "./attempts.ts";
import type { Budget } from "./budget.ts";
import { isLive, mayEnter, sessionEnd } from "./lifetime.ts";
import type { Lockout } from "./lockout.ts";
import type { PasswordHashing } from "./password-hashing.ts";
import { readSecret, sameDigest } from "./secrets.ts";
import { keySubject, userSubject } from "./subjects.ts";
import type { KeyView } from "./views.ts";

/** A proof that somebody is who they say. Every method throws 401 and 429, and never tells which part was wrong. */
export interface Credentials {
  /**
   * Proves a password for the account of this name, if there is one; `weak` as in `Verification`.
   * What is then changed must check that the account's `passwordHash` is still the proven one.
   */
  provePassword(proof: PasswordProof, actor: Actor): Promise<{ user: UserRecord; weak: boolean }>;
  /** The live key of this secret, and its owner. A key that ended by rotation or revocation raises `key.reused`. */
  proveKey(secret: string, actor: Actor): Promise<{ key: KeyRecord; owner: UserRecord }>;
  /** The session of this token, and its user. */
  proveToken(token: string, actor: Actor): Promise<{ session: SessionRecord; user: UserRecord }>;
}

export interface PasswordProof {
  /** Normalised. */
  username: string;
  user: UserRecord | undefined;
  password: string;
}

interface CredentialsParts {
  store: Store;
  now: () => string;
  attempts: Attempts;
  hashing: PasswordHashing;
  lockout: Lockout;
  budget: Budget;
  keyView: KeyView;
}

/**
 * Delays and budgets are for the network: on the Unix socket (`actor.address` null) file permissions guard.
 * A good key or token passes whatever was spent, since its 256 bits cannot be guessed.
 */
export function createCredentials(parts: CredentialsParts): Credentials {
  const { store, now, attempts, hashing, lockout, budget, keyView } = parts;

  function noteFailure(actor: Actor, user: UserRecord | undefined): void {
    // A name without an account is not written down: people type passwords there.
    const subject = user ? userSubject(user) : null;
    attempts.note({ type: "login.failed", actor, subject, outcome: "failed", data: {} });
  }

  async function guessed(actor: Actor, user?: UserRecord): Promise<Error> {
    noteFailure(actor, user);
    if (actor.address !== null) await budget.spend(actor.address);
    return invalidCredentials();
  }

  /** Whoever presents a real secret guesses nothing: a tool with an ended one must not use its host's budget up. */
  function ended(actor: Actor, user: UserRecord): Error {
    noteFailure(actor, user);
    return invalidCredentials();
  }

  async function assertBudgetLeft({ address }: Actor): Promise<void> {
    if (address !== null) await budget.assertLeft(address);
  }

  async function noteReuse(key: KeyRecord, actor: Actor): Promise<void> {
    if (key.revokedAt === null && key.rotatedTo === null) return;
    const data = { key: await keyView(store, key, now()) };
    attempts.note({ type: "key.reused", actor, subject: keySubject(key), outcome: "denied", data });
  }

  return {
    async provePassword({ username, user, password }, actor) {
      const guarded = actor.address !== null;
      await assertBudgetLeft(actor);
      if (guarded) await lockout.assertOpen(username, user);
      const record = user && mayEnter(user, now()) ? user.passwordHash : null;
      const { matches, weak } = await hashing.verify(record, password);
      // Asked again: guesses sent side by side would all have passed before the first one failed.
      if (guarded) await lockout.assertOpen(username, user);
      if (user && matches) return { user, weak };
      if (guarded) await lockout.failed(username, user, actor);
      throw await guessed(actor, user);
    },

    async proveKey(secret, actor) {
      const traces = readSecret("rk", secret);
      if (!traces) throw invalidCredentials();
      const key = await store.keyByLookup(traces.lookup);
      const owner = key && (await store.user(key.userId));
      if (!key || !owner || !sameDigest(key.hash, traces.hash)) {
        await assertBudgetLeft(actor);
        throw await guessed(actor);
      }
      const at = now();
      if (isLive(key, at) && mayEnter(owner, at)) return { key, owner };
      await noteReuse(key, actor);
      throw ended(actor, owner);
    },

    async proveToken(token, actor) {
      const traces = readSecret("rs", token);
      if (!traces) throw invalidCredentials();
      const session = await store.sessionByLookup(traces.lookup);
      const user = session && (await store.user(session.userId));
      if (!session || !user || !sameDigest(session.hash, traces.hash)) {
        await assertBudgetLeft(actor);
        throw await guessed(actor);
      }
      const at = now();
      if (sessionEnd(session, await store.usage(session.id), at)) throw sessionExpired();
      if (!mayEnter(user, at)) throw ended(actor, user);
      return { session, user };
    },
  };
}

/** 401: never which part was wrong. */
export function invalidCredentials(): Error {
  return refusal("invalidCredentials", "Wrong name, password, key or token");
}

export function sessionExpired(): Error {
  return refusal("sessionExpired", "The session has ended; log in again");
}
