import { expect, test } from "vitest";
import { csvHeader, csvLines, csvRows } from "../../../tui/transfer/csv.ts";
import type { PortableUser } from "../../../tui/transfer/portable-user.ts";
import { all, inPieces } from "./scratch-file.ts";

const read = (text: string) => all(csvRows("users.csv", inPieces(text, 9), text));
const values = async (text: string) => (await read(text)).map(({ value }) => value);
const messageOf = (reading: Promise<unknown>) =>
  reading.then(
    () => "no failure",
    (error) => error.message,
  );

const ann: PortableUser = {
  username: "ann",
  fullName: 'Ann "the\tQ", É',
  type: "normal",
  roles: ["admin", "viewer"],
  active: true,
  mustChangePassword: false,
  theme: "light",
  presence: false,
  settings: { studio: { note: 'a,"b"\n\u202ec' } },
  validUntil: "2030-01-01T00:00:00.000Z",
  hasPassword: true,
};

test("what is written is read again, whatever stands in it", async () => {
  const bare = { ...ann, fullName: "", roles: [], settings: {}, validUntil: null };
  const text = csvHeader() + csvLines([ann, bare]);
  const { fullName, roles, validUntil, ...said } = bare;
  expect(await values(text)).toEqual([ann, said]);
});

test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "'=1", "''=1", "'plain", "\uff1d1", "o'neil"])(
  "the name %j is no formula in a spreadsheet, and comes back as it was",
  async (fullName) => {
    const text = csvHeader() + csvLines([{ ...ann, fullName }]);
    const cell = text.split("\n")[1]?.split(",")[1]?.replace(/^"/, "") ?? "";
    expect(cell).toMatch(/^[^=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/);
    expect(await values(text)).toMatchObject([{ fullName }]);
  },
);

test("a byte order mark, semicolons and Windows' line ends are what spreadsheets write", async () => {
  expect(await values("\ufeffusername;active\r\nann;TRUE\r\nbob;0\r\n\r\n")).toEqual([
    { username: "ann", active: true },
    { username: "bob", active: false },
  ]);
});

test("an empty cell says nothing, and an odd one is left to the daemon", async () => {
  expect(await values("username,fullName,active,roles\nann,,perhaps,\n")).toEqual([
    { username: "ann", active: "perhaps" },
  ]);
});

test("a password is taken as it stands", async () => {
  expect(await values("username,password\nann,'=secret\n")).toEqual([
    { username: "ann", password: "'=secret" },
  ]);
});

test.each([
  ["user,active\nann,true\n", 'line 1: there is no column "user": there are username, '],
  ["usernam,active\nann,true\n", 'line 1: there is no column "usernam": did you mean "username"?'],
  ["active\ntrue\n", 'line 1: the column "username" is missing'],
  ["username,username\na,b\n", "line 1: a column stands there twice"],
  ["username,active\nann\n", "line 2: this is not CSV"],
  ['username,active\n"ann,true\n', "this is not CSV"],
  ["username,settings\nann,{x}\n", "line 2, settings: this is not valid JSON"],
  [`username\n${"x".repeat(1_100_000)}\n`, "line 2: this is not CSV"],
  ["username,__proto__\na,b\n", 'there is no column "__proto__"'],
])("%j is refused at its line", async (text, message) => {
  expect(await messageOf(read(text))).toContain(message);
});
