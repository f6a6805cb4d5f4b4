import { invalidParams, type PresenceEntry, type Result, refusal } from "../../protocol/index.ts";
import type { PresenceRecord, UserRecord } from "../store/records.ts";
import type { Call, CallerNow } from "./caller.ts";
import type { Context } from "./context.ts";
import { mayEnter } from "./lifetime.ts";
import { presenceSubject } from "./subjects.ts";
import { changeableUser } from "./targets.ts";
import { presenceView } from "./views.ts";

/** What the board offers unless it is configured; the first one is a cleared entry's. */
export const defaultPresenceStatuses: PresenceStatuses = [
  "Available",
  "Away From Desk",
  "At Lunch",
  "Out for Day",
  "Out",
  "Appointment",
  "Do Not Disturb",
  "Meeting",
  "Out Sick",
  "Vacation",
];

/** At least one. */
export type PresenceStatuses = readonly [string, ...string[]];

/** The board: where everybody is that is listed on it. */
export function createPresence({ store, presenceStatuses }: Context) {
  // Asked each time: the statuses may be configured anew while the daemon runs.
  const cleared = (): string => presenceStatuses[0];

  /** Says it anew even where nothing differs: that it still holds is news too. */
  function put(
    { params, change }: Call<"presence.set" | "presence.clear">,
    said: Pick<PresenceRecord, "status" | "message" | "returnAt">,
  ): Promise<PresenceEntry> {
    return change(async (tx, by) => {
      const user = await changeableUser(tx, by, params.user);
      assertListed(user, tx.at);
      const record: PresenceRecord = { id: user.id, ...said, updatedAt: tx.at };
      tx.put("presence", record);
      const presence = presenceView(user, record, cleared());
      tx.entry("presence.set", presenceSubject(user), { presence });
      return presence;
    });
  }

  return {
    async list({ params, by }: Call<"presence.list">): Promise<Result<"presence.list">> {
      const { text, status, offset, limit, around } = params;
      const window = await store.queryUsers({
        filter: {
          listed: true,
          ...(text !== undefined && { text }),
          ...(status && { says: statusMatcher(status, cleared()) }),
        },
        sort: { by: "username", order: "asc" },
        offset,
        limit,
        ...(around !== undefined && { around }),
        now: by.at,
      });
      const items: PresenceEntry[] = [];
      for (const user of window.items) {
        items.push(presenceView(user, await store.presence(user.id), cleared()));
      }
      return { items, total: window.total, offset: window.offset, limit };
    },

    async set(call: Call<"presence.set">): Promise<Result<"presence.set">> {
      const { status, message, returnAt } = call.params;
      assertOffered(presenceStatuses, status);
      return put(call, { status, message, returnAt });
    },

    clear(call: Call<"presence.clear">): Promise<Result<"presence.clear">> {
      return put(call, { status: cleared(), message: "", returnAt: null });
    },

    async statuses(): Promise<Result<"presence.statuses">> {
      return { statuses: [...presenceStatuses] };
    },
  };
}

/** A user's entry on the board for those who may see it; null too while the user is not on the board. */
export function statusFor(
  by: CallerNow,
  user: UserRecord,
  record: PresenceRecord | undefined,
  [cleared]: PresenceStatuses,
): PresenceEntry | null {
  const own = by.kind === "session" && by.user.id === user.id;
  if (!own && !by.permissions.has("presence.read")) return null;
  if (!isListed(user, by.at)) return null;
  return presenceView(user, record, cleared);
}

/** Whether the board shows the user: who wants to be on it, and may enter. `listed` of a `UserQuery` is the same. */
function isListed(user: UserRecord, at: string): boolean {
  return user.presence && mayEnter(user, at);
}

/** Whether a status has this in it, whatever the case. */
function statusMatcher(part: string, cleared: string): (status: string | null) => boolean {
  const sought = part.toLowerCase();
  return (status) => (status ?? cleared).toLowerCase().includes(sought);
}

function assertListed(user: UserRecord, at: string): void {
  if (isListed(user, at)) return;
  const why = user.presence ? "is not active" : "is not listed there (users.update with presence: true)";
  throw refusal("invalidState", `User ${user.username} has no place on the presence board: ${why}`);
}

function assertOffered(statuses: PresenceStatuses, status: string): void {
  if (statuses.includes(status)) return;
  const message = `must be one of ${statuses.join(", ")}`;
  throw invalidParams([{ path: ["status"], code: "unknownStatus", message }]);
}
