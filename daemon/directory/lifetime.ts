import type { KeyStatus } from "../../protocol/index.ts";
import type { KeyRecord, LockoutRecord, SessionRecord, UsageRecord, UserRecord } from "../store/records.ts";

const HOUR = 3_600_000;

/** How long the sessions last that begin from now on, in milliseconds. */
export interface SessionLengths {
  /** A session ends by itself this long after its last use. */
  idle: number;
  /** A session ends this long after its login, however busy. */
  absolute: number;
}

export const defaultSessionLengths: SessionLengths = { idle: 12 * HOUR, absolute: 30 * 24 * HOUR };

/** The longest delay after wrong passwords. */
export const LONGEST_DELAY_MS = HOUR / 4;

/** Something with an end has ended when now ≥ end; stored times compare as text. */
export function hasPassed(end: string | null, at: string): boolean {
  return end !== null && at >= end;
}

/** The instant `ms` after another, in the stored form. */
export function after(at: string, ms: number): string {
  return new Date(Date.parse(at) + ms).toISOString();
}

/** The later of two instants. */
export function later(one: string, other: string): string {
  return one > other ? one : other;
}

/** Whether the account lets anybody in at this instant. */
export function mayEnter(user: UserRecord, at: string): boolean {
  return user.active && user.deletedAt === null && !hasExpired(user, at);
}

/** Whether the account has come to its end, by the clock or once and for all. */
export function hasExpired({ validUntil, expiredAt }: UserRecord, at: string): boolean {
  return expiredAt !== undefined || hasPassed(validUntil, at);
}

/** What time and rotation make of a key; the owner's state is not part of it. */
export function keyStatus(key: KeyRecord, at: string): KeyStatus {
  if (key.revokedAt !== null) return "revoked";
  if (key.expiredAt !== null || hasPassed(keyEnd(key), at)) return "expired";
  return key.rotatedTo === null ? "active" : "retiring";
}

/** Active or retiring: the key opens the door. */
export function isLive(key: KeyRecord, at: string): boolean {
  return key.revokedAt === null && key.expiredAt === null && !hasPassed(keyEnd(key), at);
}

/** The first instant at which time alone ends the key: its expiry or the end of its grace. */
export function keyEnd({ expiresAt, graceUntil }: KeyRecord): string | null {
  if (expiresAt === null || graceUntil === null) return expiresAt ?? graceUntil;
  return expiresAt < graceUntil ? expiresAt : graceUntil;
}

export type SessionEnd = "idle" | "expired";

/** How time has ended the session; undefined while it goes on. */
export function sessionEnd(
  session: SessionRecord,
  usage: UsageRecord | undefined,
  at: string,
): SessionEnd | undefined {
  return sessionEndAt(at)(session, usage);
}

/** The same for many sessions: an instant is reckoned once for all that may be idle as long. */
export function sessionEndAt(
  at: string,
): (session: SessionRecord, usage: UsageRecord | undefined) => SessionEnd | undefined {
  const lastUses = new Map<number, string>();
  const lastUseOfIdle = (idleMs: number): string => {
    const known = lastUses.get(idleMs);
    if (known !== undefined) return known;
    const reckoned = after(at, -idleMs);
    lastUses.set(idleMs, reckoned);
    return reckoned;
  };
  return (session, usage) => {
    if (hasPassed(session.expiresAt, at)) return "expired";
    const lastUsedAt = usage?.lastUsedAt ?? session.createdAt;
    return lastUsedAt <= lastUseOfIdle(idleMsOf(session)) ? "idle" : undefined;
  };
}

/** How long after its last use the session ends by itself. */
export function idleMsOf({ idleMs = defaultSessionLengths.idle }: SessionRecord): number {
  return idleMs;
}

/** The end of a running delay, never further away than the longest one whatever the clock did; null without one. */
export function lockedUntil(lockout: Omit<LockoutRecord, "id"> | undefined, at: string): string | null {
  if (!lockout || at >= lockout.until) return null;
  const furthest = after(at, LONGEST_DELAY_MS);
  return lockout.until < furthest ? lockout.until : furthest;
}
