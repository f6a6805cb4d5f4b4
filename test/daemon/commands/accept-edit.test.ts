import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { verify } from "../../../daemon/commands/verify.ts";
import { readConfig } from "../../../daemon/config.ts";
import { LOCAL, openTestDirectory, PASSWORD, type TestDirectory } from "../directory/test-directory.ts";
import { copyOf, editLines, populate, problemsIn } from "../store/json/used-directory.ts";

const { config } = readConfig([], "0.0.0-test", {});

interface Said {
  status: number;
  lines: string[];
}

/** A directory at rest, as a person finds it who wants to edit it. */
async function stoppedDirectory(): Promise<TestDirectory> {
  const roster = await openTestDirectory();
  await populate(roster);
  await roster.store.close();
  return roster;
}

async function accept(path: string): Promise<Said> {
  const lines: string[] = [];
  const say = (line: string) => void lines.push(line.replaceAll(`${path}/`, ""));
  const around = { config: { ...config, data: path }, now: Date.now, say, warn: say };
  return { status: await verify(around, { tip: null, acceptEdit: true }), lines };
}

function replacing(from: string, to: string) {
  return (lines: string[]): string[] => {
    expect(lines.join("\n")).toContain(from);
    return lines.map((line) => line.replaceAll(from, to));
  };
}

test("an edit is taken over, says what changed, and is in the audit", async () => {
  const roster = await stoppedDirectory();
  await editLines(
    join(roster.path, "users.json"),
    replacing('"fullName":"Ben Baker"', '"fullName":"Ben Bäcker"'),
  );
  const { status, lines } = await accept(roster.path);
  expect(status).toBe(0);
  expect(lines[0]).toMatch(/^line \d+: user "ben": fullName "Ben Baker" is now "Ben Bäcker"$/);
  expect(lines[1]).toMatch(/^Took over users\.json as it was edited: 1 difference from what the audit tells/);
  expect(lines[2]).toContain("is good: 3 users");

  await roster.open();
  expect((await roster.store.userByName("ben"))?.fullName).toBe("Ben Bäcker");
  const { items } = await roster.call(LOCAL, "audit.query", { type: "store.edited" });
  expect(items).toMatchObject([
    { actor: { kind: "local", name: "rosterd" }, data: { differences: [lines[0]] } },
  ]);
});

test("records that are put in and taken out are told", async () => {
  const roster = await stoppedDirectory();
  await editLines(join(roster.path, "users.json"), (lines) => {
    const role = lines.findIndex((line) => line.includes('"name":"printer"'));
    const added = {
      id: "painter",
      name: "painter",
      description: "",
      permissions: [],
      builtIn: false,
      revision: 1,
    };
    return lines.with(role, JSON.stringify(added));
  });
  const { lines } = await accept(roster.path);
  expect(lines.slice(0, 2)).toEqual([
    expect.stringMatching(/^line \d+: role "painter" is not in the audit that is kept$/),
    'role "printer" is gone',
  ]);
});

test("without an edit there is nothing to take over, and nothing is written", async () => {
  const roster = await stoppedDirectory();
  const { mtimeMs } = await stat(join(roster.path, "users.json"));
  const { status, lines } = await accept(roster.path);
  expect(status).toBe(0);
  expect(lines[0]).toBe("users.json is as rosterd wrote it: there is no edit to take over");
  expect((await stat(join(roster.path, "users.json"))).mtimeMs).toBe(mtimeMs);
});

test("changes that the journal has after the snapshot come on top of the edit", async () => {
  const roster = await openTestDirectory();
  await populate(roster);
  await roster.store.snapshot();
  await roster.user("carl");
  const killed = await copyOf(roster.path);
  await editLines(join(killed, "users.json"), replacing('"fullName":"Ben Baker"', '"fullName":"Benjamin"'));
  expect((await accept(killed)).status).toBe(0);
  expect(await problemsIn(killed)).toEqual([]);
  const text = await readFile(join(killed, "users.json"), "utf8");
  for (const part of ['"fullName":"Benjamin"', '"username":"carl"']) expect(text).toContain(part);
});

describe("an edit that is not right is refused as a whole, with its line", () => {
  const cases: [string, (lines: string[]) => string[], RegExp][] = [
    [
      "a field of the wrong type",
      replacing('"presence":true', '"presence":"yes"'),
      /line 3: presence: .*boolean/,
    ],
    [
      "a field that is not known",
      replacing('"presence":true', '"presence":true,"admin":true'),
      /line 3: .*"admin"/,
    ],
    ["a field that is missing", replacing('"presence":true,', ""), /line 3: presence: /],
    ["a name that is none", replacing('"username":"ben"', '"username":"Ben!"'), /line \d: username: must be/],
    ["a name that is taken", replacing('"username":"ben"', '"username":"ada"'), /line \d: user shares "ada"/],
    [
      "a role that is not there",
      replacing('"roles":["viewer"]', '"roles":["boss"]'),
      /line \d: user refers to role "boss"/,
    ],
    [
      "a hash that is none",
      replacing('"passwordHash":"c2N', '"passwordHash":"xxx'),
      /line \d: passwordHash: must be/,
    ],
    [
      "the last administrator gone",
      replacing('"roles":["admin"]', '"roles":["viewer"]'),
      /no administrator would be left/,
    ],
    [
      "the administrator without a password",
      (lines) =>
        replacing(/"passwordHash":"[^"]+"/.exec(lines[2] ?? "")?.[0] ?? "", '"passwordHash":null')(lines),
      /no administrator would be left/,
    ],
    [
      "the role admin renamed",
      replacing('"name":"admin"', '"name":"root"'),
      /the built-in role admin must stay/,
    ],
    [
      "a line twice",
      (lines) => lines.toSpliced(3, 0, lines[2] ?? ""),
      /line 4: its id is also that of line 3/,
    ],
    [
      "a bracket too few",
      (lines) => lines.with(2, (lines[2] ?? "").slice(0, -3)),
      /line 3: it is not valid JSON/,
    ],
    [
      "a user taken out whose keys stay",
      (lines) => lines.filter((line) => !line.includes('"username":"ben"')),
      /line \d+: key refers to user/,
    ],
    ["another position", replacing('"seq":', '"seq":1'), /does not lie on the journal's chain|missing/],
    ["a collection that is none", (lines) => lines.with(1, '"people":['), /there is no collection "people"/],
  ];

  test.each(cases)("%s", async (_what, edit, problem) => {
    const roster = await stoppedDirectory();
    const path = join(roster.path, "users.json");
    await editLines(path, edit);
    const edited = await readFile(path);
    const { status, lines } = await accept(roster.path);
    expect(status).toBe(1);
    expect(lines.join("\n")).toMatch(problem);
    expect(lines.at(-1)).toMatch(/^The edit was not taken over, not even in part/);
    expect(await readFile(path)).toEqual(edited);
  });
});

test("who may sign in after an edit is who the file says", async () => {
  const roster = await stoppedDirectory();
  await editLines(join(roster.path, "users.json"), (lines) => {
    const ben = lines.findIndex((line) => line.includes('"username":"ben"'));
    return lines.with(ben, (lines[ben] ?? "").replace('"active":true', '"active":false'));
  });
  expect((await accept(roster.path)).status).toBe(0);
  await roster.open();
  await expect(roster.login("ben", PASSWORD)).rejects.toThrow("Wrong name");
  await roster.login("ada", PASSWORD);
});
