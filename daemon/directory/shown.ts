import type { PresenceEntry, User, UserDetail } from "../../protocol/index.ts";
import type { PresenceRecord, RoleRecord, UserRecord } from "../store/records.ts";

/** What a user's record was last shown as, each with what else it was made of: the same again while that is the same. */
export interface Shown {
  user?: { view: User; roles: readonly RoleRecord[]; locked: string | null; activeKeys: number };
  presence?: { entry: PresenceEntry; record: PresenceRecord | undefined };
  detail?: ShownDetail;
  detailWithoutSettings?: ShownDetail;
}

interface ShownDetail extends Pick<UserDetail, "settings" | "status"> {
  detail: UserDetail;
  view: User;
}

// Records are immutable: of a changed user there is another record, and nothing is remembered of that.
const shown = new WeakMap<UserRecord, Shown>();

/** To be read, and written to. */
export function shownOf(user: UserRecord): Shown {
  const before = shown.get(user);
  if (before) return before;
  const fresh: Shown = {};
  shown.set(user, fresh);
  return fresh;
}
