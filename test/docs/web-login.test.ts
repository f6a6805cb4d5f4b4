import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import type { Daemon } from "../e2e/daemon.ts";
import { password, startDirectory } from "../e2e/directory.ts";
import { Program } from "../e2e/program.ts";
import { rosterCall } from "../e2e/roster.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const readme = readFileSync(`${root}/docs/examples/web-login/README.md`, "utf8");

/** Runs the commands of the example's own README; what the last one answers. */
async function prepare(daemon: Daemon): Promise<{ secret: string }> {
  const commands = [...readme.matchAll(/^roster call (\S+) '(.*)'$/gm)];
  let answer: unknown;
  for (const [, method = "", params = ""] of commands) {
    answer = await rosterCall(daemon.socket, method, JSON.parse(params));
  }
  return answer as { secret: string };
}

/** The service as its README starts it, and its address. */
async function startService(daemon: Daemon, key: string): Promise<string> {
  const [, script = ""] = /^node (\S+)$/m.exec(readme) ?? [];
  const service = new Program(process.execPath, [script], {
    cwd: root,
    env: { ROSTER_URL: daemon.url, ROSTER_KEY: key, PORT: "0" },
  });
  onTestFinished(async () => {
    await service.end("SIGKILL");
  });
  await service.says(/Open http/);
  return service.stdout.trim().replace("Open ", "");
}

/** Fills the form in; the status, the page, and the cookie to come back with. */
async function logIn(url: string, username: string, typed: string) {
  const body = new URLSearchParams({ username, password: typed });
  const response = await fetch(`${url}/login`, { method: "POST", body, redirect: "manual" });
  const cookie = response.headers.get("set-cookie")?.split(";")[0] ?? "";
  return { status: response.status, page: await response.text(), cookie };
}

test("the example leaves its login form and its keys to Roster, and hears of who is shut out", async () => {
  const { daemon, tool } = await startDirectory();
  const { secret: own } = await prepare(daemon);
  const url = await startService(daemon, own);
  const eve = { username: "eve", fullName: "<Eve>", password, roles: ["editor"], mustChangePassword: false };
  await tool.call("users.create", eve);

  const home = (cookie: string) => fetch(url, { headers: { cookie }, redirect: "manual" });
  expect((await home("")).headers.get("location")).toBe("/login");
  expect(await logIn(url, "eve", "wrong")).toMatchObject({
    status: 401,
    page: expect.stringContaining("Wrong name or password."),
    cookie: "",
  });
  const { status, cookie } = await logIn(url, "eve", password);
  expect(status).toBe(303);
  expect(await (await home(cookie)).text()).toMatch(/Hello &#60;Eve&#62;[\s\S]*You may edit\./);

  const { key, secret } = await tool.call("keys.create", { user: "eve", name: "plugin" });
  const me = (bearer: string) => fetch(`${url}/api/me`, { headers: { Authorization: `Bearer ${bearer}` } });
  const answer = await me(secret);
  expect(await answer.json()).toEqual({ username: "eve", permissions: ["studio:edit"] });
  expect(await tool.call("keys.get", { id: key.id })).toMatchObject({
    useCount: 1,
    lastUsedFrom: "127.0.0.1",
  });
  expect((await me(`${secret}x`)).status).toBe(401);

  await tool.call("users.disable", { user: "eve" });
  await expect.poll(async () => (await home(cookie)).status, { timeout: 10_000 }).toBe(303);
  expect((await me(secret)).status).toBe(401);
  expect((await logIn(url, "eve", password)).page).toContain("Your account is disabled.");
});

test("who guesses is told to wait, and a directory that is away makes the form say so", async () => {
  const { daemon } = await startDirectory();
  const { secret } = await prepare(daemon);
  const url = await startService(daemon, secret);
  // The first delay is a second, for which a loaded machine may be too late; those after it are longer.
  let answer = await logIn(url, "ada", "wrong");
  while (answer.status === 401) answer = await logIn(url, "ada", "wrong");
  expect(answer).toMatchObject({
    status: 429,
    page: expect.stringMatching(/Try again in \d+ s\./),
  });
  await daemon.kill();
  expect((await logIn(url, "eve", password)).status).toBe(503);
});
