import type { Entry } from "../../../protocol/index.ts";
import type { Change } from "./collections.ts";
import type { Position } from "./segment.ts";
import type { Tables } from "./table.ts";

/** The durable state: what lowdb holds, the snapshot keeps and the journal goes on from. */
export interface Directory {
  /** The version of the form that it has on disk, or will have from the next snapshot on. */
  format: number;
  /** Names this history; a restored backup begins another. */
  epoch: string;
  /** The highest durable position. */
  seq: number;
  /** The hash of the journal's line that ends at `seq`. */
  hash: Buffer;
  /** Where the history that is kept begins: what came before was pruned. */
  anchor: Position;
  readonly tables: Tables;
}

/** What a line that is on disk tells, besides its hash. */
interface LineContent {
  entries: readonly Entry[];
  changes: readonly Change[];
}

/** Brings the directory from before a line to after it; its `hash` is the caller's to set. */
export function advance(directory: Directory, { entries, changes }: LineContent): void {
  for (const change of changes) directory.tables.apply(change);
  for (const { type, data } of entries) if (type === "audit.pruned") directory.anchor = anchorIn(data);
  directory.seq += entries.length;
}

/** The data of an `audit.pruned` entry. */
export function anchorData({ seq, hash }: Position): Record<string, unknown> {
  return { seq, hash: hash.toString("hex") };
}

/** What `anchorData` wrote. */
export function anchorIn({ seq, hash }: Record<string, unknown>): Position {
  return { seq: Number(seq), hash: Buffer.from(String(hash), "hex") };
}
