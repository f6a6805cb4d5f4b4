import type { User } from "../../protocol/index.ts";
import type { Needs } from "../access.ts";
import type { BindingId } from "../keymap.ts";
import { userState } from "./user-columns.ts";

/** What the keys that act on a user call. */
export const userNeeds = {
  create: "users.create",
  edit: "users.update",
  toggle: "users.disable",
  resetPassword: "users.resetPassword",
  unlock: "users.unlock",
  remove: "users.delete",
  restore: "users.restore",
  purge: "users.purge",
} as const satisfies Needs;

export type UserDeed = Exclude<keyof typeof userNeeds, "create" | "edit">;

const liveDeeds: readonly UserDeed[] = ["unlock", "toggle", "remove", "resetPassword"];
const deletedDeeds: readonly UserDeed[] = ["restore", "purge"];

/** What can be done to a user as it is. */
export function deedsOn(user: User | undefined): readonly UserDeed[] {
  return user?.deletedAt ? deletedDeeds : liveDeeds;
}

/**
 * The same for the footer, the most useful first: unlocking is worth a place only while somebody is locked out.
 */
export function hintsOn(user: User | undefined, now: number): readonly BindingId[] {
  const locked = user !== undefined && userState(user, now) === "locked";
  return deedsOn(user).filter((deed) => deed !== "unlock" || locked);
}
