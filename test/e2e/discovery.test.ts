import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { methodNames } from "../../protocol/index.ts";
import { Daemon } from "./daemon.ts";
import { roster } from "./roster.ts";

let daemon: Daemon;

beforeAll(async () => {
  daemon = await Daemon.start();
});

afterAll(() => daemon.remove());

const local = (...args: string[]) => roster(["--socket", daemon.socket, ...args]);

test("roster methods lists what the daemon has, each with its summary", async () => {
  const { status, stdout } = await local("methods");
  expect(status).toBe(0);
  const lines = stdout.trimEnd().split("\n");
  expect(lines.map((line) => line.split(" ")[0])).toEqual(methodNames);
  expect(lines).toContainEqual(expect.stringMatching(/^keys\.rotate +Replace a key/));
});

describe("roster describe", () => {
  test("tells parameters, result, refusals, permission and an example", async () => {
    const { status, stdout } = await local("describe", "keys.rotate");
    expect(status).toBe(0);
    expect(stdout).toMatch(/^keys\.rotate: Replace a key/);
    expect(stdout).toMatch(
      /Permission +keys\.manage; a session needs none for its own account; nor a key for itself/,
    );
    expect(stdout).toMatch(/Sudo +always/);
    expect(stdout).toMatch(/graceSeconds\? +integer 0 to 2592000 = 86400/);
    expect(stdout).toContain("{key: ApiKey, secret: string, previous: ApiKey}");
    expect(stdout).toMatch(/\n {2}previous +ApiKey +The old key, retiring\n/);
    expect(stdout).toMatch(/\nApiKey\n {2}id +Id +\S/);
    expect(stdout).toMatch(/403 +outranked/);
    expect(stdout).toMatch(/roster call keys\.rotate '\{"id":/);
  });

  test("with --json prints the method's part of the document", async () => {
    const { stdout } = await local("describe", "users.list", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ name: "users.list", "x-permission": ["users.read"] });
  });

  test("names the nearest method where one is unknown", async () => {
    const { status, stdout, stderr } = await local("describe", "user.list");
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(/^roster: no method "user\.list": did you mean "users\.list"\? [^\n]+\n$/);
  });
});
