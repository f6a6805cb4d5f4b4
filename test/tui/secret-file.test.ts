import { chmod, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { SecretFile, secretFilePath } from "../../tui/secret-file.ts";

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "roster-secrets-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
});

test("the file is its owner's alone, and holds each line as soon as it is appended", async () => {
  const file = await SecretFile.create(join(directory, "new"));
  onTestFinished(() => file.close());
  expect((await stat(file.path)).mode & 0o777).toBe(0o600);
  await file.append({ username: "mia", secret: "rk_1" });
  expect(await readFile(file.path, "utf8")).toBe('{"username":"mia","secret":"rk_1"}\n');
  await file.append({ username: "ben", secret: "rk_2" });
  expect((await readFile(file.path, "utf8")).split("\n")).toHaveLength(3);
});

test("what exists is never overwritten, not even through a link to nothing", async () => {
  const there = join(directory, "there");
  await writeFile(there, "precious");
  await expect(SecretFile.create(there)).rejects.toThrow(`${there} exists, and nothing is overwritten`);
  expect(await readFile(there, "utf8")).toBe("precious");

  const link = join(directory, "link");
  await symlink(join(directory, "elsewhere"), link);
  await expect(SecretFile.create(link)).rejects.toThrow("nothing is overwritten");
  await expect(stat(join(directory, "elsewhere"))).rejects.toThrow("ENOENT");
});

test("what is wrong with the place is said", async () => {
  await expect(SecretFile.create(join(directory, "no", "file"))).rejects.toThrow(
    `There is no directory ${join(directory, "no")}`,
  );
  await writeFile(join(directory, "plain"), "");
  await expect(SecretFile.create(join(directory, "plain", "file"))).rejects.toThrow("is no directory");
  const closed = join(directory, "closed");
  await mkdir(closed);
  await chmod(closed, 0o500);
  // Root may write anywhere.
  if (process.getuid?.() !== 0)
    await expect(SecretFile.create(join(closed, "file"))).rejects.toThrow("You may not write in");
});

test("a line that does not reach the disk is an error that names the file", async () => {
  const file = await SecretFile.create(join(directory, "new"));
  await file.close();
  await expect(file.append({ secret: "rk_1" })).rejects.toThrow();
});

test("a path may begin at home or where roster was started", () => {
  expect(secretFilePath(" ~/keys.jsonl ")).toBe(join(homedir(), "keys.jsonl"));
  expect(secretFilePath("keys.jsonl")).toBe(join(process.cwd(), "keys.jsonl"));
  expect(secretFilePath("/tmp/keys")).toBe("/tmp/keys");
});
