import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { restore } from "../../../daemon/commands/restore.ts";
import { readConfig } from "../../../daemon/config.ts";
import type { KeyRecord, UserRecord } from "../../../daemon/store/records.ts";
import type { Entry } from "../../../protocol/index.ts";
import {
  ANONYMOUS,
  DAY,
  HOUR,
  LOCAL,
  openTestDirectory,
  PASSWORD,
  reasonOf,
  type TestDirectory,
} from "../directory/test-directory.ts";
import { editLines, problemsIn } from "../store/json/used-directory.ts";

const { config } = readConfig([], "0.0.0-test", {});
const OTHER_PASSWORD = "a quiet bicycle in the rain";

/** A directory of which a backup was taken after `before`, and that went on with `after`. */
class Scene {
  readonly roster: TestDirectory;
  readonly file: string;
  said = "";

  private constructor(roster: TestDirectory, file: string) {
    this.roster = roster;
    this.file = file;
  }

  static async of(before: (roster: TestDirectory) => Promise<unknown>): Promise<Scene> {
    const roster = await openTestDirectory();
    await roster.person("ada", ["admin"]);
    await before(roster);
    const scratch = await mkdtemp(join(tmpdir(), "roster-backup-"));
    onTestFinished(() => rm(scratch, { recursive: true }));
    const { file } = await roster.store.backup(join(scratch, "backup.tar"));
    roster.advance(HOUR);
    return new Scene(roster, file);
  }

  /** Stops, restores and starts again; `spoil` may do something to the data before. */
  async restore({ keepKeys = false, spoil = async (_directory: string) => {} } = {}): Promise<void> {
    const { roster, file } = this;
    await roster.store.close();
    await spoil(roster.path);
    roster.advance(HOUR);
    const said: string[] = [];
    const around = { config: { ...config, data: roster.path }, now: () => Date.parse(roster.now) };
    const say = (line: string) => void said.push(line);
    expect(await restore({ ...around, say, warn: say }, { file, keepKeys })).toBe(0);
    this.said = said.join("\n");
    await roster.open();
    expect(await problemsIn(roster.path)).toEqual([]);
  }

  async user(name: string): Promise<UserRecord> {
    const user = await this.roster.store.userByName(name);
    if (!user) throw new Error(`There is no ${name}`);
    return user;
  }

  async key(id: string): Promise<KeyRecord> {
    const key = await this.roster.store.key(id);
    if (!key) throw new Error("There is no such key");
    return key;
  }

  /** What the audit says of the restore, oldest first. */
  async entries(): Promise<Entry[]> {
    const { items } = await this.roster.call(LOCAL, "audit.query", { from: this.roster.now, limit: 500 });
    return items.reverse();
  }
}

async function canLogIn(roster: TestDirectory, username: string, password: string): Promise<boolean> {
  return roster.call(ANONYMOUS, "auth.login", { username, password }).then(
    () => true,
    () => false,
  );
}

test("what the backup holds is there again, and what came after is gone", async () => {
  const scene = await Scene.of((roster) => roster.user("ben", { fullName: "Ben" }));
  const { roster } = scene;
  await roster.call(LOCAL, "users.update", { user: "ben", changes: { fullName: "Benjamin" } });
  await roster.user("carl");
  await scene.restore();
  expect((await scene.user("ben")).fullName).toBe("Ben");
  expect(await roster.store.userByName("carl")).toBeUndefined();
  expect(scene.said).toContain("2 users as of 2026-01-01T12:00:00.000Z");
});

test("a restore is audited, begins another epoch, and keeps the old data aside", async () => {
  const scene = await Scene.of(async () => {});
  const before = scene.roster.store.tip();
  await scene.restore();
  const { epoch } = scene.roster.store.tip();
  expect(epoch).not.toBe(before.epoch);
  expect((await scene.entries()).at(-1)).toMatchObject({
    type: "store.restored",
    actor: { kind: "local", name: "rosterd" },
    data: { from: before, epoch, takenAt: "2026-01-01T12:00:00.000Z" },
  });
  const [aside = ""] = (await readdir(scene.roster.path)).filter((name) =>
    name.startsWith("before-restore-"),
  );
  expect(scene.said).toContain(`The old data is kept in ${join(scene.roster.path, aside)}`);
  expect(await problemsIn(join(scene.roster.path, aside), before)).toEqual([]);
});

test("a tip from before still lies on the history that both have; later ones and other epochs do not", async () => {
  const scene = await Scene.of(async () => {});
  const inBackup = scene.roster.store.tip();
  await scene.roster.user("carl");
  const after = scene.roster.store.tip();
  await scene.restore();
  expect(await problemsIn(scene.roster.path, inBackup)).toEqual([]);
  const ended = `the tip is of epoch ${after.epoch}, which ended here at position ${inBackup.seq}`;
  expect((await problemsIn(scene.roster.path, after)).join()).toContain(ended);
  expect((await problemsIn(scene.roster.path, { ...after, epoch: null })).join()).toContain(
    `or the tip is older than the restore after position ${inBackup.seq}`,
  );
});

test("all sessions have ended, those in the backup and those that began later", async () => {
  const scene = await Scene.of((roster) => roster.person("ben"));
  const later = await scene.roster.login("ben");
  await scene.restore();
  expect(await scene.roster.store.sessionsOf((await scene.user("ben")).id)).toEqual([]);
  expect(await reasonOf(scene.roster.call(later, "auth.reauthenticate", { password: PASSWORD }))).toBe(
    "sessionExpired",
  );
  const ended = (await scene.entries()).filter(({ type }) => type === "session.ended");
  expect(ended.map(({ data }) => data.reason)).toEqual(["restored", "restored"]);
});

describe("what took something away after the backup is done again", () => {
  test("a password that was changed is the later one", async () => {
    const scene = await Scene.of((roster) => roster.user("ben", { password: PASSWORD }));
    const { roster } = scene;
    await roster.call(LOCAL, "users.resetPassword", {
      user: "ben",
      password: OTHER_PASSWORD,
      mustChangePassword: false,
    });
    await scene.restore();
    expect(await canLogIn(roster, "ben", PASSWORD)).toBe(false);
    expect(await canLogIn(roster, "ben", OTHER_PASSWORD)).toBe(true);
    expect((await scene.entries()).map(({ type }) => type)).toContain("user.passwordChanged");
    expect(scene.said).toContain("1 password set to the later one");
  });

  test("a user who was disabled stays so", async () => {
    const scene = await Scene.of((roster) => roster.user("ben", { password: PASSWORD }));
    await scene.roster.call(LOCAL, "users.disable", { user: "ben" });
    await scene.restore();
    expect((await scene.user("ben")).active).toBe(false);
    expect(scene.said).toContain("1 user disabled");
  });

  test("a user who was deleted is so again, without keys", async () => {
    let id = "";
    const scene = await Scene.of(async (roster) => {
      await roster.user("ben");
      id = (await roster.key("ben")).key.id;
    });
    await scene.roster.call(LOCAL, "users.delete", { user: "ben" });
    await scene.restore();
    expect((await scene.user("ben")).deletedAt).toBe(scene.roster.now);
    expect(await scene.key(id)).toMatchObject({
      revokedAt: scene.roster.now,
      revokedReason: "The user was deleted",
    });
    await scene.roster.call(LOCAL, "users.restore", { user: "ben" });
  });

  test("a user who was purged comes back as a deleted one", async () => {
    const scene = await Scene.of((roster) => roster.user("ben"));
    await scene.roster.call(LOCAL, "users.delete", { user: "ben" });
    await scene.roster.call(LOCAL, "users.purge", { user: "ben" });
    await scene.restore();
    expect((await scene.user("ben")).deletedAt).toBe(scene.roster.now);
  });

  test("an account whose end was brought forward ends then", async () => {
    const scene = await Scene.of((roster) => roster.user("ben"));
    const validUntil = new Date(Date.parse(scene.roster.now) + DAY).toISOString();
    await scene.roster.call(LOCAL, "users.update", { user: "ben", changes: { validUntil } });
    await scene.restore();
    expect((await scene.user("ben")).validUntil).toBe(validUntil);
  });

  test("a key that was revoked is so, for the same reason", async () => {
    let id = "";
    const scene = await Scene.of(async (roster) => {
      await roster.user("ben");
      id = (await roster.key("ben")).key.id;
    });
    await scene.roster.call(LOCAL, "keys.revoke", { id, reason: "lost" });
    await scene.restore({ keepKeys: true });
    expect(await scene.key(id)).toMatchObject({ revokedAt: scene.roster.now, revokedReason: "lost" });
    expect(scene.said).toContain("1 key revoked");
  });

  test("a key that was rotated ends when its grace does", async () => {
    let id = "";
    const scene = await Scene.of(async (roster) => {
      await roster.user("ben");
      id = (await roster.key("ben")).key.id;
    });
    const { previous } = await scene.roster.call(LOCAL, "keys.rotate", { id, graceSeconds: 86_400 });
    await scene.restore();
    expect(await scene.key(id)).toMatchObject({ revokedAt: null, expiresAt: previous.graceUntil });
  });

  test("a key that was rotated and whose grace is over is revoked", async () => {
    let id = "";
    const scene = await Scene.of(async (roster) => {
      await roster.user("ben");
      id = (await roster.key("ben")).key.id;
    });
    await scene.roster.call(LOCAL, "keys.rotate", { id, graceSeconds: 60 });
    await scene.restore();
    expect((await scene.key(id)).revokedAt).toBe(scene.roster.now);
  });

  test("a key that was narrowed is not wider again", async () => {
    let id = "";
    const scene = await Scene.of(async (roster) => {
      await roster.user("ben", { roles: ["viewer"] });
      id = (await roster.key("ben", ["presence.read", "users.read"])).key.id;
    });
    await scene.roster.call(LOCAL, "keys.update", { id, changes: { permissions: ["users.read"] } });
    await scene.restore();
    expect((await scene.key(id)).permissions).toEqual(["users.read"]);
  });

  test("a second restore of the same backup knows it too", async () => {
    const scene = await Scene.of((roster) => roster.user("ben", { password: PASSWORD }));
    const { key } = await scene.roster.key("ada");
    await scene.roster.call(LOCAL, "users.disable", { user: "ben" });
    await scene.restore();
    await scene.restore();
    expect((await scene.user("ben")).active).toBe(false);
    expect(scene.said).not.toContain("all keys were revoked");
    expect(await scene.roster.store.key(key.id)).toBeUndefined();
  });
});

test("what gave something after the backup is not done again", async () => {
  let id = "";
  const scene = await Scene.of(async (roster) => {
    await roster.user("ben", { roles: ["viewer"] });
    await roster.call(LOCAL, "users.disable", { user: "ben" });
    id = (await roster.key("ada")).key.id;
  });
  await scene.roster.call(LOCAL, "users.enable", { user: "ben" });
  await scene.roster.call(LOCAL, "users.update", { user: "ben", changes: { roles: ["admin"] } });
  await scene.restore();
  expect(await scene.user("ben")).toMatchObject({ active: false, roles: ["viewer"] });
  expect((await scene.key(id)).revokedAt).toBeNull();
  expect(scene.said).not.toContain("key revoked");
});

describe("where nobody can tell which keys were revoked after the backup", () => {
  const unreadable: [string, (directory: string) => Promise<void>][] = [
    ["the old data is damaged", (directory) => writeFile(join(directory, "users.json"), "nonsense")],
    ["users.json is missing", (directory) => rm(join(directory, "users.json"))],
    [
      "the old data is gone",
      async (directory) => {
        for (const name of await readdir(directory)) await rm(join(directory, name), { recursive: true });
      },
    ],
    [
      "the old data's history was cut off",
      async (directory) => {
        const [name = ""] = await readdir(join(directory, "audit"));
        await editLines(join(directory, "audit", name), (lines) => lines.slice(1));
      },
    ],
  ];

  test.each(unreadable)("all keys are revoked: %s", async (_why, spoil) => {
    let id = "";
    const scene = await Scene.of(async (roster) => {
      id = (await roster.key("ada")).key.id;
    });
    await scene.restore({ spoil });
    expect((await scene.key(id)).revokedAt).toBe(scene.roster.now);
    expect(scene.said).toContain("all keys were revoked");
  });

  test.each(unreadable)("--keep-keys keeps them: %s", async (_why, spoil) => {
    let id = "";
    const scene = await Scene.of(async (roster) => {
      id = (await roster.key("ada")).key.id;
    });
    await scene.restore({ spoil, keepKeys: true });
    expect((await scene.key(id)).revokedAt).toBeNull();
    expect(scene.said).toContain("keys were kept all the same");
  });
});

test("a restore that leaves no administrator says how to get one", async () => {
  const scene = await Scene.of((roster) => roster.user("ben"));
  await scene.roster.person("carl", ["admin"]);
  await scene.roster.call(LOCAL, "users.disable", { user: "ada" });
  await scene.restore();
  expect(scene.said).toContain("There is no administrator now: rosterd recover-admin USERNAME makes one");
});
