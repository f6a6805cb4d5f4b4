import { type Entry, type Topic, topicOf, topics } from "../protocol/index.ts";
import type { CallerNow } from "./directory/caller.ts";

/** Whether somebody may see an event now: their own always, others' with the topic's permission. */
export function maySee(by: CallerNow, entry: Entry, topic: Topic): boolean {
  return by.permissions.has(topics[topic].permission) || isOwn(by, entry);
}

/** The event as this subscriber may know it: addresses are for those who read the audit. */
export function showsAddress(by: CallerNow): boolean {
  return by.permissions.has("audit.read");
}

/** The topic of an entry that is an event; undefined for what stands in the audit only. */
export function eventTopic(entry: Entry): Topic | undefined {
  return topicOf(entry.type);
}

function isOwn(by: CallerNow, { subject, data }: Entry): boolean {
  if (subject === null) return false;
  switch (by.kind) {
    case "session":
      return ownerOf(subject, data) === by.user.id;
    // A key is narrower than its owner: it sees its owner and itself.
    case "key":
      return subject.id === (subject.kind === "user" ? by.user.id : by.key.id);
    default:
      return false;
  }
}

/** The id of the user that a subject belongs to; events of keys and sessions carry their object. */
function ownerOf({ kind, id }: NonNullable<Entry["subject"]>, data: Entry["data"]): unknown {
  switch (kind) {
    case "user":
    case "settings":
    case "presence":
      return id;
    case "key":
    case "session":
      return Object(data[kind]).userId;
    default:
      return undefined;
  }
}
