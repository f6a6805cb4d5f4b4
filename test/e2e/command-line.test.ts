import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Daemon } from "./daemon.ts";
import type { Ended, ProgramOptions } from "./program.ts";
import { roster, rosterCall } from "./roster.ts";

let daemon: Daemon;
let scratch: string;

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), "roster-cli-"));
  daemon = await Daemon.start();
});

afterAll(async () => {
  await daemon.remove();
  rmSync(scratch, { recursive: true });
});

function local(args: string[], options?: ProgramOptions): Promise<Ended> {
  return roster(["--socket", daemon.socket, ...args], options);
}

function file(name: string, content: string, mode: number): string {
  const path = join(scratch, name);
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

/** One line on standard error, of people's words and not of a program's insides. */
function expectOneLine({ stdout, stderr }: Ended, ...parts: string[]): void {
  expect(stdout).toBe("");
  expect(stderr).toMatch(/^roster: [^\n]+\n$/);
  expect(stderr).not.toMatch(/\bat .*\.js:|Error:|undefined|\[object/);
  for (const part of parts) expect(stderr).toContain(part);
}

describe("roster call", () => {
  test("prints the result as one line of JSON", async () => {
    const { status, stdout, stderr } = await local(["call", "system.info"]);
    expect(JSON.parse(stdout)).toMatchObject({ name: "rosterd", protocol: "1" });
    expect(stdout.trimEnd()).not.toContain("\n");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });

  test("takes the parameters from the argument or from standard input", async () => {
    const created = await local(["call", "users.create", '{"username":"bert"}']);
    expect(JSON.parse(created.stdout).user.username).toBe("bert");
    const changes = JSON.stringify({ user: "bert", changes: { fullName: "Bert É. 木" } });
    const updated = await local(["call", "users.update", "-"], { input: changes });
    expect(JSON.parse(updated.stdout).fullName).toBe("Bert É. 木");
  });

  test("prints a refusal as the error object on standard error and exits with 1", async () => {
    const { status, stdout, stderr } = await local(["call", "users.get", '{"user":"nobody"}']);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(JSON.parse(stderr)).toMatchObject({ code: 404, data: { reason: "notFound" } });
  });

  test("lets the daemon say what is wrong with the parameters", async () => {
    const { status, stderr } = await local(["call", "users.get", '{"usr":"bert"}']);
    expect(status).toBe(1);
    expect(JSON.parse(stderr)).toMatchObject({
      code: -32602,
      data: { issues: [{ code: "unrecognized_keys" }] },
    });
  });

  test("names the nearest method where one is unknown", async () => {
    const { status, stdout, stderr } = await local(["call", "user.list"]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    const message = 'Unknown method "user.list": did you mean "users.list"?';
    expect(JSON.parse(stderr)).toEqual({ code: -32601, message });
  });

  test.each([
    ["the argument", "{", ""],
    ["standard input", "-", "{,\n}"],
  ])("refuses invalid JSON in %s", async (_, argument, input) => {
    const ended = await local(["call", "users.get", argument], { input });
    expect(ended.status).toBe(2);
    expectOneLine(ended, "not valid JSON", `write an object, such as '{"user":"ann"}'`);
  });

  test("a message too large for the daemon is said to be so", async () => {
    const input = JSON.stringify({ user: "bert", settings: { blob: "x".repeat(2 ** 20) } });
    const ended = await local(["call", "settings.save", "-"], { input });
    expect(ended.status).toBe(1);
    expectOneLine(ended, "too large");
  });
});

describe("the key", () => {
  let secret: string;

  beforeAll(async () => {
    await rosterCall(daemon.socket, "users.create", {
      username: "screen",
      type: "service",
      roles: ["viewer"],
    });
    const made = await rosterCall<{ secret: string }>(daemon.socket, "keys.create", {
      user: "screen",
      name: "entrance",
      permissions: ["users.read"],
    });
    secret = made.secret;
  });

  const whoami = (args: string[], env?: Record<string, string>) =>
    roster(["--url", new URL(daemon.url).origin.replace("http", "ws"), ...args, "call", "auth.whoami"], {
      env,
    });

  test("comes from a file that only its owner can read", async () => {
    const { stdout } = await whoami(["--key-file", file("good.key", `${secret}\n`, 0o600)]);
    expect(JSON.parse(stdout)).toMatchObject({
      kind: "key",
      username: "screen",
      permissions: ["users.read"],
    });
  });

  test("comes from $ROSTER_KEY, and a socket that needs none leaves it alone", async () => {
    expect(JSON.parse((await whoami([], { ROSTER_KEY: secret })).stdout)).toMatchObject({ kind: "key" });
    const onSocket = await local(["call", "auth.whoami"], { env: { ROSTER_KEY: secret } });
    expect(JSON.parse(onSocket.stdout)).toMatchObject({ kind: "local" });
  });

  test("that was named for a socket which asks for none gets one line, not the operator's rights", async () => {
    const path = file("unused.key", `${secret}\n`, 0o600);
    const ended = await local(["--key-file", path, "call", "auth.whoami"]);
    expect(ended).toMatchObject({ status: 2, stdout: "" });
    expect(ended.stderr).toMatch(
      /^roster: \S+ takes you for its operator whatever key you have: [^\n]+--url\n$/,
    );
  });

  test("that is wrong gets one line", async () => {
    const ended = await whoami([], { ROSTER_KEY: "rk_wrong" });
    expect(ended.status).toBe(1);
    expectOneLine(ended, "the daemon does not accept the key");
  });

  test("that is missing is the daemon's refusal", async () => {
    const ended = await roster(["--url", daemon.url, "call", "users.list"]);
    expect(ended.status).toBe(1);
    expect(JSON.parse(ended.stderr)).toMatchObject({ code: 401 });
  });

  test("in a file that others can read gets one line and is not sent", async () => {
    const path = file("open.key", secret, 0o644);
    const ended = await whoami(["--key-file", path]);
    expect(ended.status).toBe(2);
    expectOneLine(ended, path, "chmod 600");
    expect(ended.stderr).not.toContain(secret);
  });

  test("is not accepted as an argument", async () => {
    const ended = await roster(["--key", secret, "call", "auth.whoami"]);
    expect(ended.status).toBe(2);
    expectOneLine(ended, "unknown option '--key'");
    expect(ended.stderr).not.toContain(secret);
  });
});

describe("the way to the daemon", () => {
  test("is the default socket of its data directory", async () => {
    const { stdout } = await roster(["call", "auth.whoami"], { env: { ROSTER_DATA: daemon.directory } });
    expect(JSON.parse(stdout)).toMatchObject({ kind: "local" });
  });

  test("is $ROSTER_SOCKET where that is set", async () => {
    const env = { ROSTER_SOCKET: daemon.socket, ROSTER_DATA: scratch };
    expect((await roster(["call", "system.ping"], { env })).status).toBe(0);
  });

  test("an absent socket is named with the way out", async () => {
    const path = join(scratch, "absent.sock");
    const ended = await roster(["--socket", path, "call", "system.ping"]);
    expect(ended.status).toBe(1);
    expectOneLine(ended, path, "does not exist", "start one with rosterd", "--socket PATH");
  });

  test("a socket that a dead daemon left is named with the way out", async () => {
    const killed = await Daemon.start();
    await killed.kill();
    const ended = await roster(["--socket", killed.socket, "call", "system.ping"]);
    await killed.remove();
    expect(ended.status).toBe(1);
    expectOneLine(ended, killed.socket, "nobody listens", "start one with rosterd");
  });

  test("something that is not a daemon is called that", async () => {
    const stranger: Server = createServer((socket) => socket.end("HTTP/1.1 418 No\r\n\r\n"));
    const path = join(scratch, "stranger.sock");
    await new Promise<void>((resolve) => stranger.listen(path, resolve));
    const ended = await roster(["--socket", path, "call", "system.ping"]);
    stranger.close();
    expect(ended.status).toBe(1);
    expectOneLine(ended, path, "is not a rosterd", "418");
  });

  test.each([
    [["--url", "http://x", "call", "system.ping"], "write ws://HOST:PORT"],
    [["--frobnicate"], "unknown option '--frobnicate'"],
    [["cal", "system.ping"], 'did you mean "call"?'],
    [["call"], "missing required argument 'method'"],
    [["call", "system.ping", "{}", "{}"], "too many arguments"],
  ])("wrong usage %s gets one line and status 2", async (args, wayOut) => {
    const ended = await roster(args);
    expect(ended.status).toBe(2);
    expectOneLine(ended, wayOut);
  });
});

test("--help suffices to get started, and --version says which one this is", async () => {
  const { status, stdout } = await roster(["--help"]);
  expect(status).toBe(0);
  for (const part of [
    "call <method>",
    "watch [topics...]",
    "--url",
    "--socket",
    "--key-file",
    "$ROSTER_KEY",
  ]) {
    expect(stdout).toContain(part);
  }
  expect((await roster(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test("without a terminal the terminal UI says what works there", async () => {
  const ended = await local([]);
  expect(ended.status).toBe(2);
  expectOneLine(ended, "this is not a terminal", "roster call METHOD", "roster watch");
});
