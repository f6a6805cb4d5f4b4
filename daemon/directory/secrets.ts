import { hash as digest, randomInt, timingSafeEqual } from "node:crypto";
import { crc32 } from "node:zlib";

/** `rk` begins an API key, `rs` a session token. */
export type SecretKind = "rk" | "rs";

const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const LOOKUP_LENGTH = 12;
/** 43 base62 characters hold 256 bits. */
const SECRET_LENGTH = 43;
const CHECKSUM_LENGTH = 6;
const HINT_LENGTH = 4;
const FORM = new RegExp(
  `^(rk|rs)_([0-9A-Za-z]{${LOOKUP_LENGTH}})_[0-9A-Za-z]{${SECRET_LENGTH + CHECKSUM_LENGTH}}$`,
);

/** What is stored of a secret: enough to find and to prove it, nothing to make it from. */
export interface SecretTraces {
  /** The public part, for the look-up. */
  lookup: string;
  /** SHA-256 of the whole secret, hex. */
  hash: string;
  /** The first characters, to recognise it by. */
  hint: string;
}

export interface IssuedSecret extends SecretTraces {
  /** Leaves the daemon once. */
  secret: string;
}

/** A new secret of the form `rk_<12 base62>_<43 base62><6 base62 of CRC-32>`, from the system's generator. */
export function issueSecret(kind: SecretKind): IssuedSecret {
  const body = `${kind}_${randomBase62(LOOKUP_LENGTH)}_${randomBase62(SECRET_LENGTH)}`;
  const secret = body + checksum(body);
  return { secret, ...tracesOf(kind, secret) };
}

/** Takes a presented secret apart; undefined where form or checksum show that it was never issued. */
export function readSecret(kind: SecretKind, presented: string): SecretTraces | undefined {
  const form = FORM.exec(presented);
  if (form?.[1] !== kind) return undefined;
  const body = presented.slice(0, -CHECKSUM_LENGTH);
  if (!presented.endsWith(checksum(body))) return undefined;
  return tracesOf(kind, presented);
}

const DIGEST_LENGTH = 64;
const [one, other] = [Buffer.alloc(DIGEST_LENGTH), Buffer.alloc(DIGEST_LENGTH)];

/** Compares two SHA-256 digests in hex without telling by its duration where they differ. */
export function sameDigest(left: string, right: string): boolean {
  if (left.length !== DIGEST_LENGTH || right.length !== DIGEST_LENGTH) return false;
  one.write(left, "latin1");
  other.write(right, "latin1");
  return timingSafeEqual(one, other);
}

function tracesOf(kind: SecretKind, secret: string): SecretTraces {
  const start = kind.length + 1;
  return {
    lookup: secret.slice(start, start + LOOKUP_LENGTH),
    hash: digest("sha256", secret, "hex"),
    hint: secret.slice(0, start + HINT_LENGTH),
  };
}

function randomBase62(length: number): string {
  return Array.from({ length }, () => BASE62.charAt(randomInt(BASE62.length))).join("");
}

function checksum(text: string): string {
  let rest = crc32(text);
  let digits = "";
  while (digits.length < CHECKSUM_LENGTH) {
    digits = BASE62.charAt(rest % BASE62.length) + digits;
    rest = Math.floor(rest / BASE62.length);
  }
  return digits;
}
