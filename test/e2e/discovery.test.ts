import { spawnSync } from "node:child_process";
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

describe("roster completion", () => {
  /** What a shell offers at the end of the line; null where the shell is absent. */
  async function offered(shell: "bash" | "fish", line: string): Promise<string[] | null> {
    if (spawnSync(shell, ["-c", "true"]).error) return null;
    const { stdout: script } = await roster(["completion", shell]);
    const words = line.split(" ");
    const ask = {
      bash: `COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}
        _roster; printf '%s\\n' "\${COMPREPLY[@]}"`,
      fish: `complete -C '${line}'`,
    };
    const { stdout, stderr } = spawnSync(shell, ["-c", `${script}\n${ask[shell]}`], { encoding: "utf8" });
    expect(stderr).toBe("");
    return stdout
      .trim()
      .split("\n")
      .map((word) => word.split("\t")[0] ?? "");
  }

  const lines: [line: string, words: string[]][] = [
    ["roster des", ["describe"]],
    ["roster describe keys.rot", ["keys.rotate"]],
    ["roster call users.res", ["users.resetPassword", "users.restore"]],
    ["roster watch set", ["settings"]],
    ["roster completion b", ["bash"]],
    ["roster --key", ["--key-file"]],
    ["roster --socket /run/x.sock call keys.l", ["keys.list"]],
    ["roster describe --js", ["--json"]],
  ];

  test.each(lines)("bash completes %s", async (line, words) => {
    expect((await offered("bash", line))?.toSorted()).toEqual(words);
  });

  test.each(lines)("fish, where it is installed, completes %s", async (line, words) => {
    expect((await offered("fish", line))?.toSorted() ?? words).toEqual(words);
  });

  test("zsh, where it is installed, takes the script", async () => {
    const { stdout: script } = await roster(["completion", "zsh"]);
    expect(script).toMatch(/^#compdef roster\n/);
    if (spawnSync("zsh", ["-c", "true"]).error) return;
    const { status, stderr } = spawnSync(
      "zsh",
      ["-f", "-c", `autoload -U compinit; compinit -D\n${script}\nwhich _roster`],
      {
        encoding: "utf8",
      },
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });

  test("an unknown shell is refused with those there are", async () => {
    const { status, stderr } = await roster(["completion", "tcsh"]);
    expect(status).toBe(2);
    expect(stderr).toContain("bash, zsh, fish");
  });
});
