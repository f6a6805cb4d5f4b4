import type { Result } from "../../protocol/index.ts";
import type { SettingsRecord, UserRecord } from "../store/records.ts";
import type { Reader, Transaction } from "../store/store.ts";
import type { Call } from "./caller.ts";
import type { Context } from "./context.ts";
import { differences, mergePatch, own } from "./merge-patch.ts";
import { assertSettingsFit } from "./settings-limits.ts";
import { settingsSubject } from "./subjects.ts";
import { changeableUser, liveUser } from "./targets.ts";
import { assertRevision } from "./user-changes.ts";
import { detailOf } from "./user-detail.ts";

type Settings = SettingsRecord["settings"];
type SettingsAnswer = Result<"settings.get">;

/** The revisions are the settings' own: they do not move the user's. */
export function createSettings({ store, settingsDefaults, presenceStatuses, limits }: Context) {
  const settingsOf = (reader: Reader, user: UserRecord) => storedSettings(reader, user, settingsDefaults);

  return {
    async get({ params, by }: Call<"settings.get">): Promise<SettingsAnswer> {
      const { settings, revision } = await settingsOf(store, await liveUser(store, by, params.user));
      if (params.namespace === undefined) return answer(settings, revision);
      return answer(own(settings, params.namespace) ?? null, revision);
    },

    save({ params, change }: Call<"settings.save">): Promise<Result<"settings.save">> {
      return change(async (tx, by) => {
        const user = await changeableUser(tx, by, params.user);
        const before = await settingsOf(tx, user);
        assertSettingsFit(params.settings, limits.settingsBytes);
        const merged = params.replace ? params.settings : mergePatch(before.settings, params.settings);
        assertSettingsFit(merged, limits.settingsBytes);
        assertRevision(`The settings of ${user.username}`, before.revision, params.ifRevision);
        const { settings, revision } = putSettings(tx, user, before, merged as Settings, "settings.saved");
        return answer(settings, revision);
      });
    },

    reset({ params, change }: Call<"settings.reset">): Promise<Result<"settings.reset">> {
      return change(async (tx, by) => {
        const user = await changeableUser(tx, by, params.user);
        const before = await settingsOf(tx, user);
        putSettings(tx, user, before, defaults(before.settings, params.namespace), "settings.reset");
        return detailOf(await tx.profile(user), by, presenceStatuses);
      });
    },
  };

  function defaults(settings: Settings, namespace: string | undefined): Settings {
    if (namespace === undefined) return settingsDefaults;
    const others = Object.entries(settings).filter(([name]) => name !== namespace);
    const initial = Object.entries(settingsDefaults).filter(([name]) => name === namespace);
    return Object.fromEntries([...others, ...initial]);
  }
}

/** A user's settings; one that was never given any has the defaults. */
export async function storedSettings(
  reader: Reader,
  { id }: UserRecord,
  settings: Settings,
): Promise<SettingsRecord> {
  return (await reader.settings(id)) ?? { id, settings, revision: 0 };
}

/** Stores and says only what differs; the entry carries paths, never values. */
export function putSettings(
  tx: Transaction,
  user: UserRecord,
  before: SettingsRecord,
  settings: Settings,
  type: "settings.saved" | "settings.reset",
): SettingsRecord {
  const changed = differences(before.settings, settings);
  if (changed.length === 0) return before;
  const record = { id: user.id, settings, revision: before.revision + 1 };
  tx.put("settings", record);
  tx.entry(type, settingsSubject(user), { changed, revision: record.revision });
  return record;
}

/** The schema on the way out checks what the type cannot know of stored JSON. */
function answer(settings: unknown, revision: number): SettingsAnswer {
  return { settings: settings as SettingsAnswer["settings"], revision };
}
