import type { PresenceEntry } from "../presence.ts";
import type { User, UserDetail } from "../users.ts";
import { adaId, bertId, carlaId, newId, now, octoprintId } from "./directory.ts";

/** Bert before he has signed in. */
export const bert: User = {
  id: bertId,
  username: "bert",
  fullName: "Bert Baker",
  type: "normal",
  roles: ["designer"],
  active: true,
  mustChangePassword: false,
  hasPassword: true,
  passwordChangedAt: now,
  validUntil: null,
  theme: "default",
  presence: true,
  lockedUntil: null,
  lastLoginAt: null,
  activeKeys: 0,
  createdAt: now,
  updatedAt: now,
  deletedAt: null,
  revision: 1,
};

export const ada: User = {
  ...bert,
  id: adaId,
  username: "ada",
  fullName: "Ada Lovelace",
  roles: ["admin"],
  lastLoginAt: now,
};

export const octoprint: User = {
  ...bert,
  id: octoprintId,
  username: "octoprint",
  fullName: "Print farm",
  type: "service",
  roles: ["viewer"],
  hasPassword: false,
  passwordChangedAt: null,
  activeKeys: 1,
};

/** Carla, deleted. */
export const carla: User = {
  ...bert,
  id: carlaId,
  username: "carla",
  fullName: "Carla Costa",
  roles: ["viewer"],
  hasPassword: false,
  passwordChangedAt: null,
  deletedAt: now,
  revision: 2,
};

/** Whom an example creates. */
export const dora: User = {
  ...bert,
  id: newId,
  username: "dora",
  fullName: "Dora Diaz",
  mustChangePassword: true,
};

/** What Bert's roles permit, and `octoprint`'s. */
export const designerPermissions = ["presence.read", "users.read"];

/** How a user stands on the presence board who has said nothing yet. */
export function available({ id: userId, username, fullName }: User): PresenceEntry {
  return { userId, username, fullName, status: "Available", message: "", returnAt: null, updatedAt: now };
}

export const bertInDetail: UserDetail = {
  ...bert,
  settings: { studio: {}, browse: {} },
  permissions: designerPermissions,
  status: available(bert),
};
