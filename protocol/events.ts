import { z } from "zod";
import { method } from "./method.ts";
import type { OwnPermission } from "./permissions.ts";
import { Timestamp } from "./scalars.ts";

/** Topic → the permission that shows other people's events of it, and its types. One's own are always seen. */
export const topics = {
  users: {
    permission: "users.read",
    types: [
      "user.created",
      "user.updated",
      "user.enabled",
      "user.disabled",
      "user.deleted",
      "user.restored",
      "user.purged",
      "user.passwordChanged",
      "user.locked",
      "user.unlocked",
      "user.expired",
    ],
  },
  keys: {
    permission: "keys.manage",
    types: ["key.created", "key.rotated", "key.updated", "key.revoked", "key.expired", "key.reused"],
  },
  roles: { permission: "users.read", types: ["role.created", "role.updated", "role.deleted"] },
  sessions: { permission: "sessions.manage", types: ["session.created", "session.ended"] },
  settings: { permission: "settings.read", types: ["settings.saved", "settings.reset"] },
  presence: { permission: "presence.read", types: ["presence.set"] },
} as const satisfies Record<string, { permission: OwnPermission; types: readonly string[] }>;

export type Topic = keyof typeof topics;
export const topicNames = Object.keys(topics) as Topic[];
export type EventType = (typeof topics)[Topic]["types"][number];

/** Types that stand in the audit only. */
export type AuditOnlyType =
  | "login.failed"
  | "password.verified"
  | "key.dropped"
  | "session.reauthenticated"
  | "call.denied"
  | "usage.recorded";
export type EntryType = EventType | AuditOnlyType;

const topicOfType = new Map<string, Topic>(
  topicNames.flatMap((topic) => topics[topic].types.map((type) => [type, topic] as const)),
);

/** The topic of an event type; undefined for what stands in the audit only. */
export function topicOf(type: string): Topic | undefined {
  return topicOfType.get(type);
}

export const Actor = z.strictObject({
  kind: z.enum(["anonymous", "session", "key", "local", "system"]),
  id: z.string().nullable(),
  name: z.string().nullable(),
  /** Source address; null without audit.read, and on the Unix socket. */
  address: z.string().nullable(),
});

export const Subject = z.strictObject({
  kind: z.enum(["user", "key", "role", "session", "settings", "presence", "system"]),
  id: z.string(),
  name: z.string(),
});

/** What happened: one entry of the audit, and the event that subscribers get. */
export const Entry = z
  .strictObject({
    /** Position in the one sequence of all entries. */
    seq: z.int(),
    at: Timestamp,
    type: z.string(),
    actor: Actor,
    subject: Subject.nullable(),
    outcome: z.enum(["ok", "denied", "failed"]),
    /** How many alike were gathered into this entry. */
    count: z.int(),
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: "Entry", title: "Entry" });

export type Entry = z.output<typeof Entry>;
export type Actor = z.output<typeof Actor>;
export type Subject = z.output<typeof Subject>;

/** What the `event` notification carries; a `position` says that everything up to `seq` has been sent. */
export const EventNotification = z
  .union([
    Entry.extend({ subscription: z.string() }),
    z.strictObject({ subscription: z.string(), seq: z.int(), type: z.literal("position") }),
  ])
  .meta({ id: "EventNotification", title: "EventNotification" });

export type EventNotification = z.output<typeof EventNotification>;

export const eventMethods = {
  "events.subscribe": method({
    summary: "Receive changes as `event` notifications, after they are on disk, in order",
    params: z.strictObject({
      topics: z
        .array(z.enum(topicNames as [Topic, ...Topic[]]))
        .min(1)
        .max(20)
        .optional(),
      /** Replay what came after this position first. */
      since: z.int().min(0).optional(),
      /** The epoch that `since` belongs to. */
      epoch: z.string().max(64).optional(),
    }),
    result: z.strictObject({ subscription: z.string(), seq: z.int(), epoch: z.string() }),
    access: { who: "kinds", kinds: ["session", "key", "local"] },
    refusals: ["resumePointGone", "invalidState"],
  }),
  "events.unsubscribe": method({
    summary: "End a subscription",
    params: z.strictObject({ subscription: z.string().max(64) }),
    result: z.strictObject({}),
    access: { who: "kinds", kinds: ["session", "key", "local"] },
    refusals: ["notFound"],
  }),
};
