import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import type { KeyRecord, SessionRecord } from "../../daemon/store/records.ts";
import { key } from "../daemon/store/records.ts";
import type { Bench } from "./bench.ts";
import { enter, openPopulated } from "./directories.ts";
import { userId } from "./population.ts";

/** Makes a data directory of so many users, keys and entries, and a fifth as many sessions. */
export async function makeListData(bench: Bench, population: number): Promise<string> {
  const data = await mkdtemp(join(bench.directory, "lists-"));
  const indexes = Array.from({ length: population }, (_, index) => index);
  const store = await openPopulated(data, population, {
    keys: indexes.map(keyRecord),
    sessions: indexes.filter((index) => index % 5 === 0).map(sessionRecord),
  });
  await enter(store, population);
  await store.close();
  return data;
}

function keyRecord(index: number): KeyRecord {
  return key(userId(index).replace("-7000-8", "-7001-8"), userId(index), {
    name: `deploy ${index % 100}`,
    lookup: index.toString(36).padStart(12, "0"),
    hash: "0".repeat(64),
    hint: `rk_${index.toString(36).padStart(6, "0")}`,
    permissions: ["users.read"],
  });
}

/** Begun now, so that it lasts. */
function sessionRecord(index: number): SessionRecord {
  const createdAt = new Date().toISOString();
  return {
    id: userId(index).replace("-7000-8", "-7002-8"),
    userId: userId(index),
    lookup: index.toString(36).padStart(12, "0"),
    hash: "0".repeat(64),
    createdAt,
    expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
    reauthenticatedAt: createdAt,
    address: "192.0.2.1",
    client: `laptop ${index % 100}`,
  };
}
