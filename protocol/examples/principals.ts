import type { Principal } from "../auth.ts";
import { ownPermissions } from "../permissions.ts";
import { adaId, keyId, now, octoprintId } from "./directory.ts";

export const allPermissions: string[] = [...ownPermissions].sort();

export const ada: Principal = {
  kind: "session",
  userId: adaId,
  username: "ada",
  keyId: null,
  roles: ["admin"],
  permissions: allPermissions,
  mustChangePassword: false,
  reauthenticatedAt: now,
};

export const octoprintKey: Principal = {
  kind: "key",
  userId: octoprintId,
  username: "octoprint",
  keyId,
  roles: ["viewer"],
  permissions: ["users.read"],
  mustChangePassword: false,
  reauthenticatedAt: null,
};

export const stranger: Principal = {
  kind: "anonymous",
  userId: null,
  username: null,
  keyId: null,
  roles: [],
  permissions: [],
  mustChangePassword: false,
  reauthenticatedAt: null,
};
