import type { Collection, Records } from "../records.ts";

/** How a collection is looked up besides by id. */
export interface Indexing<R> {
  /** A text that names one record. */
  key?: (record: R) => string;
  /** Texts that many records share. */
  groups?: (record: R) => readonly string[];
}

export const indexing: { readonly [C in Collection]: Indexing<Records[C]> } = {
  users: { key: (user) => user.username, groups: (user) => user.roles },
  roles: { key: (role) => role.name },
  keys: { key: (key) => key.lookup, groups: (key) => [key.userId] },
  sessions: { key: (session) => session.lookup, groups: (session) => [session.userId] },
  settings: {},
  presence: {},
  lockouts: {},
  usage: {},
};

export const collections = Object.keys(indexing) as Collection[];

export function isCollection(name: string): name is Collection {
  return Object.hasOwn(indexing, name);
}

/** One step of a transaction, as the journal keeps it. */
export type Change<C extends Collection = Collection> =
  | readonly ["put", C, Records[C]]
  | readonly ["delete", C, string];

/** One collection as somebody sees it: the durable table, or layers of pending changes over it. */
export interface View<R> {
  readonly size: number;
  get(id: string): R | undefined;
  byKey(key: string): R | undefined;
  group(name: string): R[];
  groupSize(name: string): number;
  all(): R[];
}

/** All collections as somebody sees them. */
export interface Views {
  view<C extends Collection>(collection: C): View<Records[C]>;
}
