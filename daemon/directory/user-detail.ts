import type { UserDetail } from "../../protocol/index.ts";
import type { SettingsRecord, UserRecord } from "../store/records.ts";
import type { Profile } from "../store/store.ts";
import type { CallerNow } from "./caller.ts";
import { permissionsBy, sorted } from "./permissions.ts";
import { type PresenceStatuses, statusFor } from "./presence.ts";
import { share } from "./shared.ts";
import { shownOf } from "./shown.ts";
import { viewOf } from "./views.ts";

/** A user in detail, as far as the caller may see it. Shared as `userView` is. */
export function detailOf(profile: Profile, by: CallerNow, statuses: PresenceStatuses): UserDetail {
  const { user } = profile;
  const view = viewOf(profile, by.at);
  const settings = settingsFor(by, user, profile.settings);
  const status = statusFor(by, user, profile.presence, statuses);
  const shown = shownOf(user);
  const kind = settings === null ? "detailWithoutSettings" : "detail";
  const before = shown[kind];
  // The same view was made of the same roles, and they permit what they did then.
  if (before?.view === view && before.settings === settings && before.status === status) return before.detail;
  const permissions = sorted(permissionsBy(profile.roles));
  const detail = share<UserDetail>({ ...view, settings, permissions, status });
  shown[kind] = { detail, view, settings, status };
  return detail;
}

const noSettings = Object.freeze({});

/** A user's settings for those who may see them, else null. The schema on the way out checks what the type cannot know. */
function settingsFor(
  by: CallerNow,
  user: UserRecord,
  record: SettingsRecord | undefined,
): UserDetail["settings"] {
  const own = by.kind === "session" && by.user.id === user.id;
  if (!own && !by.permissions.has("settings.read")) return null;
  return (record?.settings ?? noSettings) as NonNullable<UserDetail["settings"]>;
}
