import type { User } from "../../protocol/index.ts";
import type { Column } from "../components/table.tsx";
import type { Tone } from "../theme.ts";
import { relative } from "./times.ts";

/** From this width on, names and roles get more room each. */
const ROOMY = 120;

/** The columns of the table of users in so many cells; times are told from `now`. */
export function userColumns(now: number, width: number): Column<User>[] {
  const roomy = width >= ROOMY;
  return [
    { id: "state", title: "State", width: 8, priority: 5, cell: (user) => userState(user, now) },
    {
      id: "username",
      title: "User name",
      width: roomy ? 32 : 16,
      priority: 6,
      cell: (user) => user.username,
    },
    { id: "fullName", title: "Full name", width: 16, grow: true, priority: 3, cell: (user) => user.fullName },
    {
      id: "roles",
      title: "Roles",
      width: roomy ? 48 : 12,
      priority: 4,
      cell: (user) => user.roles.join(", "),
    },
    {
      id: "keys",
      title: "Keys",
      width: 4,
      priority: 1,
      align: "right",
      cell: (user) => (user.activeKeys === 0 ? "-" : String(user.activeKeys)),
    },
    {
      id: "lastLoginAt",
      title: "Last login",
      width: 12,
      priority: 2,
      cell: (user) => relative(user.lastLoginAt, now),
    },
  ];
}

/** One word for whether somebody can sign in. */
export function userState(user: User, now: number): string {
  if (user.deletedAt !== null) return "deleted";
  if (!user.active) return "disabled";
  if (user.validUntil !== null && now >= Date.parse(user.validUntil)) return "expired";
  if (user.lockedUntil !== null && now < Date.parse(user.lockedUntil)) return "locked";
  return "active";
}

export function userTone(user: User, now: number): Tone {
  const state = userState(user, now);
  if (state === "active") return "plain";
  return state === "locked" || state === "expired" ? "warning" : "muted";
}
