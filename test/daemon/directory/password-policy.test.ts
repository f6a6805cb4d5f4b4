import { dictionary } from "@zxcvbn-ts/language-common";
import { expect, test } from "vitest";
import { createPasswordPolicy, generatePassword } from "../../../daemon/directory/password-policy.ts";
import { refusalOf } from "./test-directory.ts";

const owner = { username: "grace.hopper", fullName: "Grace Brewster Hopper" };

async function problems(password: string, minLength?: number): Promise<string[]> {
  const error = await refusalOf(
    createPasswordPolicy(minLength)
      .check(password, owner)
      .then(() => "accepted"),
  );
  expect(error).toMatchObject({ code: 422, reason: "passwordRejected" });
  const found = error.data?.problems as { code: string; message: string }[];
  expect(found.every(({ message }) => message.length > 0)).toBe(true);
  return found.map(({ code }) => code);
}

async function accepts(password: string, minLength?: number): Promise<void> {
  await expect(createPasswordPolicy(minLength).check(password, owner)).resolves.toBeUndefined();
}

test("15 code points are enough, 14 are not; an emoji is one", async () => {
  await accepts("vubiq lomta rze");
  expect(await problems("vubiq lomta rz")).toEqual(["tooShort"]);
  await accepts(`${"🦉".repeat(8)}vubiqlo`);
  expect(await problems(`${"🦉".repeat(7)}vubiqlo`)).toEqual(["tooShort"]);
});

test("length counts what is stored: composed characters", async () => {
  expect(await problems("e\u0301".repeat(14))).toEqual(["tooShort"]);
});

test("256 code points are taken whole, 257 are refused rather than cut", async () => {
  await accepts(`${"vubiq".repeat(51)}z`);
  expect(await problems(`${"vubiq".repeat(51)}zz`)).toEqual(["tooLong"]);
});

test("the minimum is configurable", async () => {
  await accepts("vubiqlom", 8);
  expect(await problems("vubiqlo", 8)).toEqual(["tooShort"]);
});

test("half a character is refused", async () => {
  expect(await problems(`vubiq lomta rze\ud83e`)).toEqual(["malformed"]);
});

test("common passwords are refused in any case", async () => {
  expect(await problems("q1w2e3r4t5y6u7i8o9p0")).toEqual(["common"]);
  expect(await problems("Q1W2E3R4T5Y6U7I8O9P0")).toEqual(["common"]);
  expect(await problems("Password", 8)).toEqual(["common"]);
});

test("of common passwords far more than 3,000 are known", async () => {
  const known = dictionary["passwords-common"];
  expect(known.length).toBeGreaterThan(3000);
  for (const password of [known[0], known[3000], known.at(-1)]) {
    expect(await problems(password ?? "", 1)).toContain("common");
  }
});

test("names of the user and the product make no password, however they are joined", async () => {
  for (const password of [
    "grace.hopper.2026",
    "GraceBrewsterHopper",
    "Grace Brewster Hopper!",
    "rosterrosterroster",
    "roster-grace-hopper",
    "roster-password-roster",
  ]) {
    expect(await problems(password)).toEqual(["personal"]);
  }
  await accepts("grace vubiq lomta rze");
});

test("every problem is reported at once", async () => {
  expect(await problems("roster")).toEqual(["tooShort", "personal"]);
});

test("generated passwords are readable, all different, of more than 100 bits, and pass", async () => {
  const generated = Array.from({ length: 100 }, generatePassword);
  expect(new Set(generated).size).toBe(100);
  for (const password of generated) {
    expect(password).toMatch(/^([abcdefghjkmnpqrstuvwxyz2-9]{5}-){4}[abcdefghjkmnpqrstuvwxyz2-9]{5}$/);
    await accepts(password);
  }
  expect(25 * Math.log2(31)).toBeGreaterThan(100);
});
