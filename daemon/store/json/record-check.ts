import type { Collection, Records } from "../records.ts";
import { collections, indexing, type View, type Views } from "./collections.ts";
import { recordSchemas } from "./record-schemas.ts";

/** One thing that is wrong with a record. */
export interface RecordProblem {
  collection: Collection;
  record: { readonly id: string };
  problem: string;
}

/** A record that another one must have, by its id. */
interface Reference {
  to: readonly Collection[];
  id: string;
  what: string;
}

const references: { readonly [C in Collection]: (record: Records[C]) => readonly Reference[] } = {
  users: ({ roles }) => roles.map((id) => ({ to: ["roles"], id, what: `role ${JSON.stringify(id)}` })),
  roles: () => [],
  keys: ({ userId }) => [toUser(userId)],
  sessions: ({ userId }) => [toUser(userId)],
  settings: ({ id }) => [toUser(id)],
  presence: ({ id }) => [toUser(id)],
  lockouts: ({ id }) => [toUser(id)],
  usage: ({ id }) => [{ to: ["keys", "sessions"], id, what: `key or session ${JSON.stringify(id)}` }],
};

function toUser(id: string): Reference {
  return { to: ["users"], id, what: `user ${JSON.stringify(id)}` };
}

/**
 * Looks at each record, one at a step: its form, whether all that it refers to is there, and whether its name is its
 * own. The records may change between two steps.
 */
export function* checkRecords(views: Views): Generator<RecordProblem | null> {
  for (const collection of collections) yield* checkCollection(views, collection);
}

function* checkCollection<C extends Collection>(
  views: Views,
  collection: C,
): Generator<RecordProblem | null> {
  const view: View<Records[C]> = views.view(collection);
  for (const { id } of view.all()) {
    const record = view.get(id);
    if (!record) continue;
    yield null;
    for (const problem of problemsOf(views, collection, record)) yield { collection, record, problem };
  }
}

function* problemsOf<C extends Collection>(
  views: Views,
  collection: C,
  record: Records[C],
): Generator<string> {
  const { error } = recordSchemas[collection].safeParse(record);
  for (const { path, message } of error?.issues ?? [])
    yield `${nameOf(collection)} ${[...path, message].join(": ")}`;
  if (error) return;
  for (const { to, id, what } of references[collection](record)) {
    if (!to.some((name) => views.view(name).get(id)))
      yield `${nameOf(collection)} refers to ${what}, which is not there`;
  }
  const key = indexing[collection].key?.(record);
  if (key !== undefined && views.view(collection).byKey(key)?.id !== record.id) {
    yield `${nameOf(collection)} shares ${JSON.stringify(key)} with another one`;
  }
}

/** One record of the collection, in words. */
function nameOf(collection: Collection): string {
  const names = { users: "user", roles: "role", keys: "key", sessions: "session", lockouts: "lockout" };
  return collection in names ? names[collection as keyof typeof names] : collection;
}
