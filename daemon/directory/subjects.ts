import type { Subject } from "../../protocol/index.ts";
import type { KeyRecord, RoleRecord, SessionRecord, UserRecord } from "../store/records.ts";

export function userSubject({ id, username }: UserRecord): Subject {
  return { kind: "user", id, name: username };
}

export function keySubject({ id, name }: KeyRecord): Subject {
  return { kind: "key", id, name };
}

export function roleSubject({ id, name }: RoleRecord): Subject {
  return { kind: "role", id, name };
}

export function sessionSubject({ id }: SessionRecord, { username }: UserRecord): Subject {
  return { kind: "session", id, name: username };
}

/** A user's settings have no id of their own: they are known by the user's. */
export function settingsSubject({ id, username }: UserRecord): Subject {
  return { kind: "settings", id, name: username };
}

/** As with settings. */
export function presenceSubject({ id, username }: UserRecord): Subject {
  return { kind: "presence", id, name: username };
}
