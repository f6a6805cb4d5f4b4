import { expect, test } from "vitest";
import { parseUserFilter } from "../../../tui/screens/user-filter.ts";

test("plain words are looked for in user and full names", () => {
  expect(parseUserFilter("  ada  lovelace ")).toEqual({ filter: { text: "ada lovelace" } });
});

test("field terms and plain words go together", () => {
  expect(parseUserFilter("role:admin,operator active:no smith")).toEqual({
    filter: { roles: ["admin", "operator"], active: false, text: "smith" },
  });
});

test("every field can be asked for", () => {
  expect(parseUserFilter("type:service locked:yes deleted:yes password:no change:yes")).toEqual({
    filter: { type: "service", locked: true, deleted: true, hasPassword: false, mustChangePassword: true },
  });
});

test("an empty line filters nothing", () => {
  expect(parseUserFilter("")).toEqual({ filter: {} });
});

test("a term that is still being typed filters nothing yet", () => {
  expect(parseUserFilter("role:")).toEqual({ filter: {} });
});

test("an unknown field is named, with those that exist", () => {
  expect(parseUserFilter("colour:red")).toEqual({
    problem: "There is no field colour: try role, active, type, locked, deleted, password, change",
  });
});

test("a value that means nothing is said to", () => {
  expect(parseUserFilter("active:maybe")).toEqual({ problem: "active is yes or no" });
  expect(parseUserFilter("type:robot")).toEqual({ problem: "type is normal or service" });
});
