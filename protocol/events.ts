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
  | "usage.recorded"
  | "audit.pruned"
  | "store.migrated"
  | "store.backedUp"
  | "store.restored"
  | "store.edited";
export type EntryType = EventType | AuditOnlyType;

const topicOfType = new Map<string, Topic>(
  topicNames.flatMap((topic) => topics[topic].types.map((type) => [type, topic] as const)),
);

/** The topic of an event type; undefined for what stands in the audit only. */
export function topicOf(type: string): Topic | undefined {
  return topicOfType.get(type);
}

export const Actor = z.strictObject({
  kind: z
    .enum(["anonymous", "session", "key", "local", "system"])
    .describe("How it was known; `system`: the daemon itself"),
  id: z.string().nullable().describe("The user's id, or the key's; null where there is none"),
  name: z.string().nullable().describe("The username, the key's name, or what a local client called itself"),
  address: z.string().nullable().describe("Where from; null without audit.read, and on the Unix socket"),
});

export const Subject = z.strictObject({
  kind: z
    .enum(["user", "key", "role", "session", "settings", "presence", "system"])
    .describe("What kind of object it is"),
  id: z.string().describe("The object's id; a role's is its name"),
  name: z.string().describe("What people call it"),
});

export const Entry = z
  .strictObject({
    seq: z.int().describe("Position in the one sequence of all entries"),
    at: Timestamp.describe("When; of gathered entries the first"),
    type: z.string().describe("What, as a noun and a verb, such as `user.created`"),
    actor: Actor.describe("Who did it"),
    subject: Subject.nullable().describe("What it was done to; null where that is nothing in particular"),
    outcome: z.enum(["ok", "denied", "failed"]).describe("Done, not permitted, or gone wrong"),
    count: z.int().describe("How many alike were gathered into this entry"),
    data: z
      .record(z.string(), z.unknown())
      .describe("The new public object, for updates with `changed`, the names of the fields"),
  })
  .meta({
    id: "Entry",
    title: "Entry",
    description: "What happened: one entry of the audit, and the event that subscribers get",
  });

export type Entry = z.output<typeof Entry>;
export type Actor = z.output<typeof Actor>;
export type Subject = z.output<typeof Subject>;

const subscription = z.string().describe("Which subscription it belongs to");

export const EventNotification = z
  .union([
    Entry.extend({ subscription }),
    z.strictObject({
      subscription,
      seq: z.int().describe("Everything up to here that may be seen has been sent"),
      type: z.literal("position").describe("No change: sent every 20 s of silence"),
    }),
  ])
  .meta({
    id: "EventNotification",
    title: "EventNotification",
    description:
      "What the `event` notification carries; a `position` says that everything up to `seq` has been sent",
  });

export type EventNotification = z.output<typeof EventNotification>;

export const eventMethods = {
  "events.subscribe": method({
    summary: "Receive changes as `event` notifications, after they are on disk, in order",
    params: z.strictObject({
      topics: z
        .array(z.enum(topicNames as [Topic, ...Topic[]]))
        .min(1)
        .max(20)
        .optional()
        .describe("What to hear of; absent: everything that one may see"),
      since: z
        .int()
        .min(0)
        .optional()
        .describe("Replay what came after this position first; absent: only what happens from now on"),
      epoch: z.string().max(64).optional().describe("The epoch that `since` belongs to; of another one: 410"),
    }),
    result: z.strictObject({
      subscription: z.string().describe("For `events.unsubscribe`, and in each of its notifications"),
      seq: z.int().describe("Where it begins: what comes later will be sent"),
      epoch: z.string().describe("Which directory's positions these are; to be kept with them"),
    }),
    access: { who: "kinds", kinds: ["session", "key", "local"] },
    refusals: ["resumePointGone", "invalidState"],
  }),
  "events.unsubscribe": method({
    summary: "End a subscription",
    params: z.strictObject({ subscription: z.string().max(64).describe("As `events.subscribe` named it") }),
    result: z.strictObject({}),
    access: { who: "kinds", kinds: ["session", "key", "local"] },
    refusals: ["notFound"],
  }),
};
