import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { afterAll, expect, test } from "vitest";
import { UsageError } from "../../daemon/config/usage-error.ts";
import { readConfig } from "../../daemon/config.ts";
import { createLog } from "../../daemon/log.ts";
import { startTestDaemon } from "./start-daemon.ts";

const password = "seventeen green lanterns";
const directory = mkdtempSync(join(tmpdir(), "roster-bootstrap-"));
afterAll(() => rmSync(directory, { recursive: true }));

function fileWith(text: string): string {
  const file = join(directory, "password");
  writeFileSync(file, text);
  return file;
}

function keptLog() {
  let text = "";
  const output = new Writable({
    write(chunk, _encoding, done) {
      text += chunk;
      done();
    },
  });
  return { log: createLog("info", output as unknown as NodeJS.WriteStream), text: () => text };
}

test("the first administrator that the configuration names can log in, and must change the password", async () => {
  const passwordFile = fileWith(`${password}\n`);
  const { log, text } = keptLog();
  const daemon = await startTestDaemon({ config: { bootstrap: { username: "ada", passwordFile } }, log });
  const client = await daemon.stranger();
  const { principal } = await client.call("auth.login", { username: "ada", password });
  expect(principal).toMatchObject({ username: "ada", roles: ["admin"], mustChangePassword: true });
  expect(text()).toContain("Made the first administrator");
  expect(text()).not.toContain(password);

  const operator = await daemon.operator();
  const { items } = await operator.call("audit.query", { type: "user.created" });
  expect(items).toMatchObject([{ actor: { kind: "local", name: "bootstrap" }, subject: { name: "ada" } }]);
});

test("once the directory has a user, a deleted one too, it is ignored, and the log says so", async () => {
  const first = await startTestDaemon();
  const operator = await first.operator();
  await operator.call("users.create", { username: "mia" });
  await operator.call("users.delete", { user: "mia" });
  await first.stop();

  const { log, text } = keptLog();
  // Nobody reads the file, which may be gone by then.
  const bootstrap = { username: "ada", passwordFile: join(directory, "gone") };
  const second = await startTestDaemon({ config: { data: first.directory, bootstrap }, log });
  const { total } = await (await second.operator()).call("users.list", {});
  expect(total).toBe(0);
  expect(text()).toContain("are ignored: the directory has users");
});

test.each([
  ["too short", "short", "must have at least 15 characters"],
  ["common", "passwordpassword", "must not be one of the most common passwords"],
  ["empty", "\n", "must have at least 15 characters"],
])("a password that is %s does not start the daemon, and is not repeated", async (_name, weak, message) => {
  const passwordFile = fileWith(weak);
  const start = startTestDaemon({ config: { bootstrap: { username: "ada", passwordFile } } });
  const error = await start.catch((error: unknown) => error);
  expect(error).toBeInstanceOf(UsageError);
  expect(String(error)).toContain(`the first administrator cannot be made with ${passwordFile}: ${message}`);
  expect(String(error).replace(passwordFile, "")).not.toContain("passwordpassword");
});

test("a file that cannot be read is named", async () => {
  const bootstrap = { username: "ada", passwordFile: join(directory, "absent") };
  const start = startTestDaemon({ config: { bootstrap } });
  await expect(start).rejects.toThrow(
    `bootstrap.passwordFile: ${bootstrap.passwordFile} cannot be read (ENOENT)`,
  );
});

test("a name without a file is a mistake, a file without a name is nothing", () => {
  expect(() => readConfig([], "1.2.3", { ROSTER_BOOTSTRAP_USERNAME: "ada" })).toThrow(
    "bootstrap.username is of no use without bootstrap.passwordFile: give both",
  );
  const { config } = readConfig([], "1.2.3", {
    ROSTER_BOOTSTRAP_PASSWORD_FILE: "/run/credentials/x/password",
  });
  expect(config.bootstrap).toEqual({ username: null, passwordFile: "/run/credentials/x/password" });
  expect(() => readConfig([], "1.2.3", { ROSTER_BOOTSTRAP_USERNAME: "Ada!" })).toThrow(/write a user name/);
});
