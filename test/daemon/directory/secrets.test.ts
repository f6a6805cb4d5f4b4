import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { expect, test } from "vitest";
import { issueSecret, readSecret, sameDigest } from "../../../daemon/directory/secrets.ts";

test("keys and tokens have the form that secret scanners match", () => {
  expect(issueSecret("rk").secret).toMatch(/^rk_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}$/);
  expect(issueSecret("rs").secret).toMatch(/^rs_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}$/);
});

test("the last six characters are the CRC-32, in base62, of all that precedes", () => {
  const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  const { secret } = issueSecret("rk");
  const value = [...secret.slice(-6)].reduce((sum, digit) => sum * 62 + alphabet.indexOf(digit), 0);
  expect(value).toBe(crc32(secret.slice(0, -6)));
});

test("what is kept is the SHA-256 of the whole secret, the public part and a hint, nothing of the secret part", () => {
  const { secret, lookup, hash, hint } = issueSecret("rk");
  expect(hash).toBe(createHash("sha256").update(secret).digest("hex"));
  expect(secret.startsWith(`rk_${lookup}_`)).toBe(true);
  expect(hint).toBe(`rk_${lookup.slice(0, 4)}`);
});

test("a presented secret yields the same traces again", () => {
  const { secret, ...traces } = issueSecret("rs");
  expect(readSecret("rs", secret)).toEqual(traces);
});

test("a typo anywhere, another kind, and other text are known without a look-up", () => {
  const { secret } = issueSecret("rk");
  for (let at = 0; at < secret.length; at += 1) {
    const typo = secret.slice(0, at) + (secret[at] === "a" ? "b" : "a") + secret.slice(at + 1);
    expect(readSecret("rk", typo)).toBeUndefined();
  }
  for (const text of ["", "rk_", `${secret}\n`, ` ${secret}`, secret.slice(0, -1), `${secret}a`]) {
    expect(readSecret("rk", text)).toBeUndefined();
  }
  expect(readSecret("rs", secret)).toBeUndefined();
});

test("no two secrets are alike", () => {
  const secrets = Array.from({ length: 1000 }, () => issueSecret("rk").secret);
  expect(new Set(secrets).size).toBe(1000);
});

test("digests of another length are different, not an error", () => {
  const { hash } = issueSecret("rk");
  expect(sameDigest(hash, hash)).toBe(true);
  expect(sameDigest(hash, issueSecret("rk").hash)).toBe(false);
  expect(sameDigest(hash, hash.slice(2))).toBe(false);
});
