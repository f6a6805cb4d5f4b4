import { createHash } from "node:crypto";
import { readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { startTestDaemon } from "./start-daemon.ts";

const password = "correct horse battery staple";

test("an administrator takes a backup over the network, and the audit says who did", async () => {
  const daemon = await startTestDaemon();
  const operator = await daemon.operator();
  await operator.call("users.create", {
    username: "ada",
    password,
    roles: ["admin"],
    mustChangePassword: false,
  });
  const ada = await daemon.stranger();
  await ada.call("auth.login", { username: "ada", password });

  const tip = await ada.call("audit.tip", {});
  const backup = await ada.call("system.backup", {});
  expect(backup).toMatchObject({ seq: tip.seq, hash: tip.hash });
  expect(dirname(backup.file)).toBe(join(daemon.directory, "backups"));
  const content = await readFile(backup.file);
  expect(backup.bytes).toBe(content.length);
  expect(backup.sha256).toBe(createHash("sha256").update(content).digest("hex"));
  expect((await stat(backup.file)).mode & 0o777).toBe(0o600);
  expect((await stat(dirname(backup.file))).mode & 0o777).toBe(0o700);

  const { items } = await ada.call("audit.query", { type: "store.*" });
  expect(items).toMatchObject([
    { type: "store.backedUp", actor: { kind: "session", name: "ada" }, data: backup },
  ]);
});

test("two backups at once are two files", async () => {
  const operator = await (await startTestDaemon()).operator();
  const [one, other] = await Promise.all([
    operator.call("system.backup", {}),
    operator.call("system.backup", {}),
  ]);
  expect(one.file).not.toBe(other.file);
});

test("a byte that changed on the disk is found while the daemon runs, and where", async () => {
  const daemon = await startTestDaemon();
  const operator = await daemon.operator();
  await operator.call("users.create", { username: "ada", fullName: "Ada" });
  expect(await operator.call("system.verify", {})).toEqual({ ok: true, problems: [] });

  const journal = join(daemon.directory, "journal-1.jsonl");
  await writeFile(journal, (await readFile(journal, "utf8")).replace("Ada", "Eva"));
  const snapshot = join(daemon.directory, "users.json");
  await writeFile(snapshot, (await readFile(snapshot, "utf8")).replace("designer", "Designer"));
  expect(await operator.call("system.verify", {})).toMatchObject({
    ok: false,
    problems: [
      { file: snapshot, line: null, problem: expect.stringContaining("its checksum does not match") },
      { file: journal, line: 1, problem: expect.stringContaining("its hash does not match") },
    ],
  });
});
