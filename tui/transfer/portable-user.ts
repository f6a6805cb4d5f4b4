import { ImportedUser, UserDetail } from "../../protocol/index.ts";

/** What an export says of a user, in this order: all that an import takes, and whether there was a password. */
export const portableFields = [
  "username",
  "fullName",
  "type",
  "roles",
  "active",
  "mustChangePassword",
  "theme",
  "presence",
  "settings",
  "validUntil",
  "hasPassword",
] as const satisfies (keyof UserDetail)[];

export type PortableUser = Pick<UserDetail, (typeof portableFields)[number]>;

export function portable(user: UserDetail): PortableUser {
  return Object.fromEntries(portableFields.map((field) => [field, user[field]])) as PortableUser;
}

/** What the daemon says of a user and nobody decides: an import leaves it out. */
export const readOnlyFields: ReadonlySet<string> = new Set(
  Object.keys(UserDetail.shape).filter((field) => !(field in ImportedUser.shape)),
);

/** What a file may say of a user. */
export const importableFields = [...Object.keys(ImportedUser.shape), ...readOnlyFields];
