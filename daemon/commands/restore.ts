import { administrators } from "../directory/administrators.ts";
import { createLockout } from "../directory/lockout.ts";
import { type Reapplied, reapply } from "../directory/reapply.ts";
import { createKeyView } from "../directory/views.ts";
import { fileSystem } from "../store/json/files.ts";
import { type Aside, type Restored, restoreBackup } from "../store/json/restore.ts";
import { counted, OPERATOR, type Surroundings, storeLog } from "./command.ts";

interface Asked {
  file: string;
  keepKeys: boolean;
}

/** Puts a backup in the place of a data directory's content, which no daemon uses and which is kept aside. */
export async function restore({ config, now, say, warn }: Surroundings, asked: Asked): Promise<number> {
  const report: string[] = [];

  async function settle({ store, manifest, aside }: Restored): Promise<void> {
    const { records, continues } = aside;
    const instant = () => new Date(now()).toISOString();
    const { epoch } = store.tip();
    const done = await store.transaction(OPERATOR, async (tx) => {
      const done = await reapply(tx, {
        store,
        aside: records && { records, continues },
        keepKeys: asked.keepKeys,
        lockout: createLockout({ store, now: instant }),
        keyView: createKeyView(() => 0),
      });
      const from = { epoch: manifest.epoch, seq: manifest.seq, hash: manifest.hash };
      tx.entry("store.restored", null, {
        from,
        epoch,
        takenAt: manifest.createdAt,
        setAside: aside.name,
        ...done,
      });
      return done;
    });
    report.push(
      `Restored ${asked.file}: ${counted(store.status().users, "user")} as of ${manifest.createdAt} (position ${manifest.seq})`,
      ...asideText(aside, asked.keepKeys),
      ...doneText(done),
    );
    if (store.status().users > 0 && (await administrators(store, 1)).length === 0) {
      report.push("There is no administrator now: rosterd recover-admin USERNAME makes one");
    }
    report.push(
      "All sessions have ended. Positions and tips from before belong to another epoch. Start rosterd again",
    );
  }

  const { data } = config;
  await restoreBackup({
    io: fileSystem,
    directory: data,
    archive: asked.file,
    log: storeLog(warn),
    now,
    settle,
  });
  for (const line of report) say(line);
  return 0;
}

function asideText({ name, problem, continues }: Aside, keepKeys: boolean): string[] {
  const keys = keepKeys ? "keys were kept all the same" : "all keys were revoked";
  if (name === null) return [`There was no data here to tell what was revoked after the backup: ${keys}`];
  const kept = `The old data is kept in ${name}`;
  if (continues) return [kept];
  return [kept, `It cannot tell all that was revoked after the backup (${problem}): ${keys}`];
}

const nouns: { readonly [of in keyof Reapplied]: (count: number) => string } = {
  sessionsEnded: (count) => `${counted(count, "session")} ended`,
  passwordsChanged: (count) => `${counted(count, "password")} set to the later one`,
  usersDisabled: (count) => `${counted(count, "user")} disabled`,
  usersDeleted: (count) => `${counted(count, "user")} deleted`,
  endsBroughtForward: (count) => `${counted(count, "user")} given the earlier end`,
  keysRevoked: (count) => `${counted(count, "key")} revoked`,
  keysNarrowed: (count) => `${counted(count, "key")} narrowed`,
};

function doneText(done: Reapplied): string[] {
  const said = (Object.keys(nouns) as (keyof Reapplied)[]).flatMap((of) =>
    done[of] > 0 ? nouns[of](done[of]) : [],
  );
  return said.length === 0 ? [] : [`Done again, as it was after the backup: ${said.join(", ")}`];
}
