import { expect, onTestFinished, vi } from "vitest";
import type { ApiKey, Entry, Role, UserDetail } from "../../../protocol/index.ts";
import { App } from "../../../tui/app.tsx";
import { Session } from "../../../tui/session.ts";
import { show } from "../components/harness.tsx";
import type { FakeDaemon } from "../fake-daemon.ts";

/** The whole TUI over a fake daemon. */
export function openApp(daemon: FakeDaemon, { columns = 80, rows = 24, local = true } = {}) {
  const session = new Session({ connect: daemon.connect, target: "/run/test.sock", local });
  const onQuit = vi.fn();
  const shown = show(<App session={session} onQuit={onQuit} />, { columns, rows });
  session.start();
  onTestFinished(() => {
    shown.unmount();
    session.close();
  });
  return {
    ...shown,
    session,
    onQuit,
    /** Waits until the screen shows it. */
    shows: (expected: string | RegExp) => expect.poll(shown.frame, { interval: 10 }).toMatch(expected),
    hides: (unexpected: string | RegExp) =>
      expect.poll(shown.frame, { interval: 10 }).not.toMatch(unexpected),
  };
}

export function idOf(number: number): string {
  return `00000000-0000-7000-8000-${String(number).padStart(12, "0")}`;
}

export function userOf(number: number, rest: Partial<UserDetail> = {}): UserDetail {
  return {
    id: idOf(number),
    username: `user-${number}`,
    fullName: `Person ${number}`,
    type: "normal",
    roles: ["viewer"],
    active: true,
    mustChangePassword: false,
    hasPassword: true,
    passwordChangedAt: "2026-11-01T00:00:00.000Z",
    validUntil: null,
    theme: "default",
    presence: true,
    lockedUntil: null,
    lastLoginAt: null,
    activeKeys: 0,
    createdAt: "2026-11-01T00:00:00.000Z",
    updatedAt: "2026-11-01T00:00:00.000Z",
    deletedAt: null,
    revision: 1,
    settings: {},
    permissions: ["presence.read", "users.read"],
    status: null,
    ...rest,
  };
}

export function keyOf(number: number, rest: Partial<ApiKey> = {}): ApiKey {
  return {
    id: idOf(1000 + number),
    userId: idOf(1),
    username: "user-1",
    name: `key-${number}`,
    hint: "rk_abcd",
    permissions: ["users.read"],
    status: "active",
    createdAt: "2026-11-01T00:00:00.000Z",
    expiresAt: null,
    lastUsedAt: null,
    lastUsedFrom: null,
    useCount: 0,
    openConnections: 0,
    rotatedFrom: null,
    rotatedTo: null,
    graceUntil: null,
    revokedAt: null,
    revokedReason: null,
    ...rest,
  };
}

/** An entry about user-1. */
export function entryOf(seq: number, rest: Partial<Entry> = {}): Entry {
  return {
    seq,
    at: "2026-11-22T20:00:00.000Z",
    type: "user.updated",
    actor: { kind: "local", id: null, name: null, address: null },
    subject: { kind: "user", id: idOf(1), name: "user-1" },
    outcome: "ok",
    count: 1,
    data: {},
    ...rest,
  };
}

export function pageOf<T>(items: T[], total = items.length, offset = 0) {
  return { items, total, offset, limit: 50 };
}

export const roles: Role[] = ["admin", "viewer"].map((name) => ({
  name,
  description: "",
  permissions: [],
  builtIn: true,
  assigned: 1,
  revision: 1,
}));
