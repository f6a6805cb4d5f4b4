import { expect, test } from "vitest";
import { type ForeignFormat, foreignUsers } from "../../../tui/transfer/foreign.ts";
import { printed, proposeMapping, readMapping, rolesOf } from "../../../tui/transfer/mapping.ts";
import { inPieces, scratchFile } from "./scratch-file.ts";

const octoprint = `
lena:
  active: true
  apikey: 0123456789ABCDEF0123456789ABCDEF
  groups: [admins, users]
  password: canary-hash
  permissions: []
  roles: [user, admin]
  settings:
    interface: {language: de}
night-shift:
  active: false
  groups: [users]
  password: canary-hash
  settings: {}
old-timer:
  active: true
  password: canary-hash
  roles: [user]
`;
const dandelion = JSON.stringify({
  data: {
    0: {
      id: "1",
      fullname: "Lena L.",
      username: "lena",
      group_id: "1",
      created: "2014-02-03",
      theme: "Halloween",
      initial_login: "0",
    },
    1: {
      id: "2",
      fullname: "Bo",
      username: "bo",
      group_id: "7",
      theme: "grape",
      initial_login: "1",
      disabled: "1",
    },
  },
});
const erizos = JSON.stringify([
  {
    _id: "5f0",
    username: "lena",
    type: "NORMAL",
    roles: ["Admin", "Editor"],
    settings: { studio: { a: 1 }, browse: {} },
    password: "canary-hash",
  },
]);

function read(format: ForeignFormat, text: string) {
  return foreignUsers(format, "their-users", inPieces(text, 11));
}

test("OctoPrint's users come with their groups, and with roles where there were no groups yet", async () => {
  expect(await read("octoprint", octoprint)).toEqual([
    {
      user: { username: "lena", active: true, settings: { octoprint: { interface: { language: "de" } } } },
      groups: ["admins", "users"],
    },
    { user: { username: "night-shift", active: false }, groups: ["users"] },
    { user: { username: "old-timer", active: true }, groups: ["user"] },
  ]);
});

test("Dandelion's users come with name, theme where we have it, and the number of their group", async () => {
  expect(await read("dandelion", dandelion)).toEqual([
    { user: { username: "lena", fullName: "Lena L.", theme: "halloween" }, groups: ["1"] },
    { user: { username: "bo", fullName: "Bo", active: false }, groups: ["7"] },
  ]);
});

test("Erizos' users come with all their roles and settings", async () => {
  expect(await read("erizos", erizos)).toEqual([
    { user: { username: "lena", settings: { studio: { a: 1 }, browse: {} } }, groups: ["Admin", "Editor"] },
  ]);
});

test("no hash and no key is carried over", async () => {
  const found = [await read("octoprint", octoprint), await read("erizos", erizos)];
  expect(JSON.stringify(found)).not.toMatch(/canary|0123456789ABCDEF/);
});

test("the mapping proposed has every group, edits as JSON and is read again", async () => {
  expect(Object.fromEntries(proposeMapping("octoprint", await read("octoprint", octoprint)))).toEqual({
    admins: ["admin"],
    user: ["viewer"],
    users: ["viewer"],
  });
  const proposed = proposeMapping("erizos", await read("erizos", erizos));
  expect(Object.fromEntries(proposed)).toEqual({ Admin: ["admin"], Editor: ["editor"] });
  expect(Object.fromEntries(proposeMapping("dandelion", await read("dandelion", dandelion)))).toEqual({
    1: ["group-1"],
    7: ["group-7"],
  });
  expect(readMapping(scratchFile("mapping.json", printed(proposed)))).toEqual(proposed);
});

test("roles follow the mapping, each once; a group it does not know is refused", () => {
  const mapping = new Map([
    ["admins", ["admin", "viewer"]],
    ["users", ["viewer"]],
    ["guests", []],
  ]);
  expect(rolesOf(["admins", "users", "guests"], mapping)).toEqual(["admin", "viewer"]);
  expect(() => rolesOf(["plotters"], mapping)).toThrow('says nothing of "plotters"');
});

test.each(["{", '{"a":"admin"}', '{"a":["no role"]}', "[]"])("the mapping %s is refused by name", (text) => {
  const file = scratchFile("mapping.json", text);
  expect(() => readMapping(file)).toThrow(file);
});

test.each<[ForeignFormat, string, string]>([
  ["octoprint", "lena: {active: true", "line 1: this is not YAML"],
  ["octoprint", "lena: {}\nlena: {}\n", "line 2: this is not YAML (DUPLICATE_KEY)"],
  ["octoprint", "- lena\n", "here should be an object"],
  ["octoprint", "lena: true\n", "user lena: here should be an object"],
  ["octoprint", bomb(), "Excessive alias count"],
  ["dandelion", "[]", "here should be an object"],
  ["dandelion", '{"data":{"0":7}}', "user 1: here should be an object"],
  ["erizos", "{}", "here should be one array"],
  ["erizos", "[", "this is not valid JSON"],
])("a hostile or wrong file of %s is refused in one line", async (format, text, message) => {
  const error = await read(format, text).catch((reason) => reason);
  expect(error).toMatchObject({ name: "Failure" });
  expect(error.message).toContain("their-users");
  expect(error.message).toContain(message);
});

/** A billion laughs: each level holds the one before many times. */
function bomb(): string {
  const level = (name: string, below: string) =>
    `${name}: &${name} [${Array(20).fill(`*${below}`).join(",")}]\n`;
  return `a: &a [x]\n${level("b", "a")}${level("c", "b")}${level("d", "c")}${level("e", "d")}`;
}
