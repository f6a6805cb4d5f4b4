import type { UserDetail } from "../../../protocol/index.ts";
import { wireUser } from "../population.ts";

/** The peers' directory: a Map of users as the wire shows them. */
export function createUsers(count: number): Map<string, UserDetail> {
  return new Map(Array.from({ length: count }, (_, index) => wireUser(index)).map((user) => [user.id, user]));
}
