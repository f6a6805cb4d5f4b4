import { afterEach, expect, test, vi } from "vitest";
import {
  createPasswordHashing,
  defaultScryptCost,
  owaspCosts,
  type ScryptCost,
} from "../../../daemon/directory/password-hashing.ts";
import { recordClaiming, Scrypt } from "./password-records.ts";
import { CHEAP_COST, PASSWORD, refusalOf } from "./test-directory.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

test("the default cost is one of OWASP's", () => {
  expect(owaspCosts).toContainEqual(defaultScryptCost);
});

test("a password verifies against its own record only, in any Unicode form", async () => {
  const hashing = createPasswordHashing(CHEAP_COST);
  const record = await hashing.hash("Bu\u0308cherwurm vubiq");
  expect(record).not.toBe(await hashing.hash("Bu\u0308cherwurm vubiq"));
  expect(await hashing.verify(record, "B\u00fccherwurm vubiq")).toEqual({ matches: true, weak: false });
  expect(await hashing.verify(record, "Bu\u0308cherwurm vubiq")).toEqual({ matches: true, weak: false });
  expect(await hashing.verify(record, "bücherwurm vubiq")).toEqual({ matches: false, weak: false });
});

test("a forged record whose cost would keep the daemon busy is never run", async () => {
  const hashing = createPasswordHashing(CHEAP_COST);
  const verify = vi.spyOn(Scrypt, "verify");
  const forged = await recordClaiming({ logN: 30, r: 64, p: 64 });
  expect(await hashing.verify(forged, PASSWORD)).toEqual({ matches: false, weak: false });
  const run = verify.mock.calls.map(([record]) => Scrypt.viewParams(record));
  expect(run).toEqual([CHEAP_COST]);
});

test("without a record, and with a broken one, one hash of today's cost is spent all the same", async () => {
  const hashing = createPasswordHashing(CHEAP_COST);
  const good = Buffer.from(await hashing.hash(PASSWORD), "base64");
  const damaged = Buffer.from(good);
  damaged[20] = (damaged[20] ?? 0) ^ 1;
  const verify = vi.spyOn(Scrypt, "verify");
  for (const record of [
    null,
    "",
    "not a record",
    damaged.toString("base64"),
    good.subarray(1).toString("base64"),
  ]) {
    expect(await hashing.verify(record, PASSWORD)).toEqual({ matches: false, weak: false });
  }
  expect(verify).toHaveBeenCalledTimes(5);
  for (const [record] of verify.mock.calls) expect(Scrypt.viewParams(record)).toEqual(CHEAP_COST);
});

test("a record of a lower cost is known as weak, one of a higher cost is not", async () => {
  const old = await recordClaiming({ logN: 14, r: 8, p: 5 });
  vi.spyOn(Scrypt, "verify").mockResolvedValue(true);
  const weak = async (cost: ScryptCost) => (await createPasswordHashing(cost).verify(old, PASSWORD)).weak;
  expect(await weak(defaultScryptCost)).toBe(true);
  expect(await weak({ logN: 14, r: 8, p: 5 })).toBe(false);
  expect(await weak(CHEAP_COST)).toBe(false);
});

test("two hash at a time, 32 wait, the next is told to come back", async () => {
  const hashing = createPasswordHashing(CHEAP_COST);
  let running = 0;
  let most = 0;
  const kdf = Scrypt.kdf;
  vi.spyOn(Scrypt, "kdf").mockImplementation(async (...given) => {
    running += 1;
    most = Math.max(most, running);
    const record = await kdf(...given);
    running -= 1;
    return record;
  });
  const taken = Array.from({ length: 34 }, () => hashing.hash(PASSWORD));
  const error = await refusalOf(hashing.hash(PASSWORD));
  expect(error).toMatchObject({ code: 429, reason: "busy" });
  expect(error.data?.retryAfterMs).toBeGreaterThan(0);
  await Promise.all(taken);
  expect(most).toBe(2);
  await hashing.hash(PASSWORD);
});

test("a hash that fails gives its place back", async () => {
  const hashing = createPasswordHashing(CHEAP_COST);
  vi.spyOn(Scrypt, "kdf").mockRejectedValue(new Error("no memory"));
  const failed = await Promise.allSettled(Array.from({ length: 10 }, () => hashing.hash(PASSWORD)));
  expect(failed.every(({ status }) => status === "rejected")).toBe(true);
  vi.restoreAllMocks();
  await hashing.hash(PASSWORD);
});
