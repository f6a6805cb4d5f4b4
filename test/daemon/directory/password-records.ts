import { createHash } from "node:crypto";
import * as scryptKdf from "scrypt-kdf";
import type { ScryptCost } from "../../../daemon/directory/password-hashing.ts";
import { CHEAP_COST, PASSWORD } from "./test-directory.ts";

/** scrypt-kdf as the daemon calls it, to be spied on. */
export const { default: Scrypt } = scryptKdf as unknown as { default: typeof scryptKdf };

/** A well-formed record whose header claims this cost, made without spending it. */
export async function recordClaiming({ logN, r, p }: ScryptCost): Promise<string> {
  const record = Buffer.from(await Scrypt.kdf(PASSWORD, CHEAP_COST));
  record.writeUInt8(logN, 7);
  record.writeUInt32BE(r, 8);
  record.writeUInt32BE(p, 12);
  createHash("sha256").update(record.subarray(0, 48)).digest().copy(record, 48, 0, 16);
  return record.toString("base64");
}
