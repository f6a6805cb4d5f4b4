import type { UserSort } from "../../../protocol/index.ts";
import type { UserRecord } from "../records.ts";
import type { Rows } from "./rows.ts";
import { foldCase } from "./slot-text.ts";

/** What users are kept sorted by: as lists are asked for, and by id as exports go through them. */
export type SortKey = UserSort["by"] | "id";

/** A user as lists need it, with what each order sorts by. */
export interface Row extends Record<SortKey, string> {
  user: UserRecord;
  /** Folded: sorted without regard to case, by UTF-16 code unit. */
  fullName: string;
  /** Empty for who never logged in: they come first. */
  lastLoginAt: string;
}

/** Later than every instant. */
export const FOREVER = "~";

export type UserRows = Rows<Row>;

export function rowOf(user: UserRecord): Row {
  const { id, username, createdAt, updatedAt } = user;
  return {
    user,
    id,
    username,
    fullName: foldCase(user.fullName),
    createdAt,
    updatedAt,
    lastLoginAt: user.lastLoginAt ?? "",
  };
}

/** The presence board lists the user before this instant: empty for never, `FOREVER` for always. */
export function listedUntil({ presence, active, deletedAt, validUntil, expiredAt }: UserRecord): string {
  return presence && active && deletedAt === null && expiredAt === undefined ? (validUntil ?? FOREVER) : "";
}
