import { hash as digest, randomBytes } from "node:crypto";
import * as scryptKdf from "scrypt-kdf";
import { refusal } from "../../protocol/index.ts";

// scrypt-kdf 4.0.0 declares named exports, and has a default one only.
const { default: Scrypt } = scryptKdf as unknown as { default: typeof scryptKdf };

/** scrypt's cost (RFC 7914, section 2): N = 2^logN, block size r, parallelisation p. */
export interface ScryptCost {
  logN: number;
  r: number;
  p: number;
}

/** OWASP's equivalent rows for scrypt (Password Storage Cheat Sheet); only these may be configured. */
export const owaspCosts: readonly ScryptCost[] = [
  { logN: 17, r: 8, p: 1 },
  { logN: 16, r: 8, p: 2 },
  { logN: 15, r: 8, p: 3 },
  { logN: 14, r: 8, p: 5 },
];

/** 220 ms and 32 MiB on a small machine. */
export const defaultScryptCost: ScryptCost = { logN: 15, r: 8, p: 3 };

export interface Verification {
  matches: boolean;
  /** The record was made at a lower cost than today's: hash again while the password is at hand. */
  weak: boolean;
}

export interface PasswordHashing {
  /** scrypt-kdf's record in base64. Throws 429 `busy` when the queue is full. */
  hash(password: string): Promise<string>;
  /**
   * Takes as long whether or not there is a record that can be checked: null, a broken one and one whose
   * cost is not among the allowed match nothing. Throws 429 `busy` when the queue is full.
   */
  verify(record: string | null, password: string): Promise<Verification>;
  /** What it has to do now. */
  load(): HashingLoad;
}

export interface HashingLoad {
  running: number;
  waiting: number;
}

/** scrypt shares libuv's threads with the journal's syncs: more at once would delay every change. */
const MOST_AT_ONCE = 2;
const LONGEST_QUEUE = 32;
const RETRY_AFTER_MS = 1000;
const NO_MATCH: Verification = { matches: false, weak: false };

/** Hashing at `cost`, at most two at a time, 32 waiting. */
export function createPasswordHashing(cost: ScryptCost = defaultScryptCost): PasswordHashing {
  const { turn, load } = createTurns(MOST_AT_ONCE, LONGEST_QUEUE);
  const allowed = [...owaspCosts, cost];
  const dummy = unmatchableRecord(cost);

  return {
    load,

    hash(password) {
      return turn(async () => {
        const record = await Scrypt.kdf(password.normalize("NFC"), cost);
        return Buffer.from(record).toString("base64");
      });
    },

    verify(record, password) {
      return turn(async () => {
        const bytes = record === null ? undefined : Buffer.from(record, "base64");
        const made = bytes && costOf(bytes);
        // A forged record's own cost could keep a core and gigabytes busy for seconds.
        if (!bytes || !made || !allowed.some((row) => sameCost(row, made))) {
          await Scrypt.verify(dummy, password.normalize("NFC"));
          return NO_MATCH;
        }
        const matches = await Scrypt.verify(bytes, password.normalize("NFC"));
        return { matches, weak: matches && work(made) < work(cost) };
      });
    },
  };
}

function costOf(record: Buffer): ScryptCost | undefined {
  return record.length === 96 && record.subarray(0, 6).toString() === "scrypt" && hasGoodChecksum(record)
    ? Scrypt.viewParams(record)
    : undefined;
}

function hasGoodChecksum(record: Buffer): boolean {
  return record.subarray(48, 64).equals(digest("sha256", record.subarray(0, 48), "buffer").subarray(0, 16));
}

/** A well-formed record of Tarsnap's format whose HMAC is random: no password matches it. */
function unmatchableRecord({ logN, r, p }: ScryptCost): Buffer {
  const record = randomBytes(96);
  record.write("scrypt\0", "latin1");
  record.writeUInt8(logN, 7);
  record.writeUInt32BE(r, 8);
  record.writeUInt32BE(p, 12);
  digest("sha256", record.subarray(0, 48), "buffer").copy(record, 48, 0, 16);
  return record;
}

function sameCost(a: ScryptCost, b: ScryptCost): boolean {
  return a.logN === b.logN && a.r === b.r && a.p === b.p;
}

function work({ logN, r, p }: ScryptCost): number {
  return 2 ** logN * r * p;
}

/** Runs jobs first come, first served, `most` at a time; refuses a job when `longest` already wait. */
function createTurns(most: number, longest: number) {
  let running = 0;
  const waiting: (() => void)[] = [];

  async function turn<T>(job: () => Promise<T>): Promise<T> {
    if (running >= most) {
      if (waiting.length >= longest) {
        throw refusal("busy", "Too many logins at once; try again shortly", { retryAfterMs: RETRY_AFTER_MS });
      }
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      running += 1;
    }
    try {
      return await job();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  }

  return { turn, load: (): HashingLoad => ({ running, waiting: waiting.length }) };
}
