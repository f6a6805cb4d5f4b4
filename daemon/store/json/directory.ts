import type { Tables } from "./table.ts";

/** The durable state: what lowdb holds, the snapshot keeps and the journal goes on from. */
export interface Directory {
  /** Names this history; a restored backup begins another. */
  epoch: string;
  /** The highest durable position. */
  seq: number;
  /** The hash of the journal's line that ends at `seq`. */
  hash: Buffer;
  readonly tables: Tables;
}
