import { invalidParams, type User } from "../../protocol/index.ts";
import type { SettingsRecord, UserRecord } from "../store/records.ts";
import type { Transaction } from "../store/store.ts";
import { newId } from "./ids.ts";
import { userSubject } from "./subjects.ts";
import { userView } from "./views.ts";

type Given = "username" | "fullName" | "type" | "roles" | "active" | "passwordHash" | "validUntil" | "theme";

/** What somebody decides of a new user; `roles` are ids. */
export interface NewUser extends Pick<UserRecord, Given | "presence"> {
  /** Absent: with a password, true. */
  mustChangePassword?: boolean;
}

/** Puts a new user and says so. Rank, policy, limits and the name have been checked. */
export async function addUser(
  tx: Transaction,
  given: NewUser,
  settings: SettingsRecord["settings"],
): Promise<User> {
  const { passwordHash } = given;
  const record: UserRecord = {
    id: newId(tx.at),
    username: given.username,
    fullName: given.fullName,
    type: given.type,
    roles: given.roles,
    active: given.active,
    mustChangePassword: given.mustChangePassword ?? passwordHash !== null,
    passwordHash,
    passwordChangedAt: passwordHash === null ? null : tx.at,
    validUntil: given.validUntil,
    theme: given.theme,
    presence: given.presence,
    lastLoginAt: null,
    createdAt: tx.at,
    updatedAt: tx.at,
    deletedAt: null,
    revision: 1,
  };
  tx.put("users", record);
  tx.put("settings", { id: record.id, settings, revision: 1 });
  const view = await userView(tx, record, tx.at);
  tx.entry("user.created", userSubject(record), { user: view });
  return view;
}

/** Throws -32602 for a service account with a password. */
export function assertServiceHasNoPassword(params: {
  type?: UserRecord["type"];
  password?: string;
  generatePassword?: boolean;
  mustChangePassword?: boolean;
}): void {
  if (params.type !== "service") return;
  const given = (["password", "generatePassword", "mustChangePassword"] as const).filter(
    (field) => params[field] !== undefined && params[field] !== false,
  );
  if (given.length === 0) return;
  const message = "a service account has no password: it works with keys only";
  throw invalidParams(given.map((field) => ({ path: [field], code: "notForServices", message })));
}
