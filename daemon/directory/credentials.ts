import { type Actor, refusal } from "../../protocol/index.ts";
import type { KeyRecord, SessionRecord, UserRecord } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import type { Attempts } from "./attempts.ts";
import type { Allowance, LoginBudget } from "./budget.ts";
import { isLive, mayEnter, sessionEnd } from "./lifetime.ts";
import type { Lockout } from "./lockout.ts";
import type { PasswordHashing } from "./password-hashing.ts";
import { readSecret, sameDigest } from "./secrets.ts";
import { keySubject, userSubject } from "./subjects.ts";
import type { KeyView } from "./views.ts";

/**
 * A proof that somebody is who they say. Every proof throws 401 and 429, and never tells which part was wrong.
 * Wrong ones are taken from `allowance` (null: nobody counts), unless given that of logins from the address.
 */
export interface Credentials {
  /**
   * Proves a password for the account of this name, if there is one; `weak` as in `Verification`.
   * What is then changed must check that the account's `passwordHash` is still the proven one.
   */
  provePassword(
    proof: PasswordProof,
    actor: Actor,
    allowance?: Allowance | null,
  ): Promise<{ user: UserRecord; weak: boolean }>;
  /** The live key of this secret, and its owner. A key that ended by rotation or revocation raises `key.reused`. */
  proveKey(secret: string, actor: Actor): Promise<{ key: KeyRecord; owner: UserRecord }>;
  /** The key of this secret, and its owner, whether or not they have ended. */
  findKey(
    secret: string,
    actor: Actor,
    allowance?: Allowance | null,
  ): Promise<{ key: KeyRecord; owner: UserRecord }>;
  /**
   * Notes that somebody proved to be a user whose account has ended, or whose key has: by rotation or revocation
   * raises `key.reused`.
   */
  noteEnded(actor: Actor, user: UserRecord, key?: KeyRecord): Promise<void>;
  /** The session of this token, and its user. */
  proveToken(token: string, actor: Actor): Promise<{ session: SessionRecord; user: UserRecord }>;
}

export interface PasswordProof {
  /** Normalised. */
  username: string;
  user: UserRecord | undefined;
  password: string;
  /** Whether a right password for this account counts as right. Absent: when the account lets anybody in. */
  counts?: (user: UserRecord) => boolean;
}

interface CredentialsParts {
  store: Store;
  now: () => string;
  attempts: Attempts;
  hashing: PasswordHashing;
  lockout: Lockout;
  budget: LoginBudget;
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

  function ofLogins({ address }: Actor): Allowance | null {
    return address === null ? null : budget(address);
  }

  async function guessed(actor: Actor, allowance: Allowance | null, user?: UserRecord): Promise<Error> {
    noteFailure(actor, user);
    await allowance?.spend();
    return invalidCredentials();
  }

  /** Whoever presents a real secret guesses nothing: a tool with an ended one must not use its host's budget up. */
  async function noteEnded(actor: Actor, user: UserRecord, key?: KeyRecord): Promise<void> {
    if (key) await noteReuse(key, actor);
    noteFailure(actor, user);
  }

  async function findKey(secret: string, actor: Actor, allowance: Allowance | null) {
    const traces = readSecret("rk", secret);
    if (!traces) throw invalidCredentials();
    const bearer = await store.keyBearerByLookup(traces.lookup);
    if (bearer && sameDigest(bearer.key.hash, traces.hash)) return { key: bearer.key, owner: bearer.user };
    await allowance?.assertLeft();
    throw await guessed(actor, allowance);
  }

  async function noteReuse(key: KeyRecord, actor: Actor): Promise<void> {
    if (key.revokedAt === null && key.rotatedTo === null) return;
    const data = { key: await keyView(store, key, now()) };
    attempts.note({ type: "key.reused", actor, subject: keySubject(key), outcome: "denied", data });
  }

  return {
    noteEnded,

    async provePassword(proof, actor, allowance = ofLogins(actor)) {
      const { username, user, password, counts = (account) => mayEnter(account, now()) } = proof;
      await allowance?.assertLeft();
      if (allowance) await lockout.assertOpen(username, user);
      const record = user && counts(user) ? user.passwordHash : null;
      const { matches, weak } = await hashing.verify(record, password);
      // Asked again: guesses sent side by side would all have passed before the first one failed.
      if (allowance) await lockout.assertOpen(username, user);
      if (user && matches) return { user, weak };
      if (allowance) await lockout.failed(username, user, actor);
      throw await guessed(actor, allowance, user);
    },

    findKey: (secret, actor, allowance = ofLogins(actor)) => findKey(secret, actor, allowance),

    async proveKey(secret, actor) {
      const { key, owner } = await findKey(secret, actor, ofLogins(actor));
      const at = now();
      if (isLive(key, at) && mayEnter(owner, at)) return { key, owner };
      await noteEnded(actor, owner, key);
      throw invalidCredentials();
    },

    async proveToken(token, actor) {
      const traces = readSecret("rs", token);
      if (!traces) throw invalidCredentials();
      const bearer = await store.sessionBearerByLookup(traces.lookup);
      if (!bearer || !sameDigest(bearer.session.hash, traces.hash)) {
        const allowance = ofLogins(actor);
        await allowance?.assertLeft();
        throw await guessed(actor, allowance);
      }
      const { session, user, usage } = bearer;
      const at = now();
      if (sessionEnd(session, usage, at)) throw sessionExpired();
      if (mayEnter(user, at)) return { session, user };
      await noteEnded(actor, user);
      throw invalidCredentials();
    },
  };
}

/** Whether the account is still the one whose password was proven before the transaction. */
export function isSameAccount(current: UserRecord, proven: UserRecord, at: string): boolean {
  return current.passwordHash === proven.passwordHash && mayEnter(current, at);
}

/** 401: never which part was wrong. */
export function invalidCredentials(): Error {
  return refusal("invalidCredentials", "Wrong name, password, key or token");
}

export function sessionExpired(): Error {
  return refusal("sessionExpired", "The session has ended; log in again");
}
