import fc from "fast-check";
import type { EntryQuery, Store } from "../../../daemon/store/store.ts";
import type { Actor, Entry } from "../../../protocol/index.ts";

const folded = (text: string) => text.normalize("NFKC").toLowerCase();

/** Whether an entry is sought, by looking at it alone. */
export function isSought(entry: Entry, sought: Omit<EntryQuery, "limit">): boolean {
  const { actor, subject, text, type, outcome, from, to } = sought;
  const { before = Number.POSITIVE_INFINITY, after = 0 } = sought;
  if (entry.type === "usage.recorded" || entry.seq >= before || entry.seq <= after) return false;
  if ((from !== undefined && entry.at < from) || (to !== undefined && entry.at >= to)) return false;
  if (outcome !== undefined && entry.outcome !== outcome) return false;
  if (type?.endsWith(".*") && !entry.type.startsWith(type.slice(0, -1))) return false;
  if (type !== undefined && !type.endsWith(".*") && entry.type !== type) return false;
  const by = folded(entry.actor.name ?? "");
  const byAll = [entry.actor.id, by, entry.actor.kind === "key" ? by.replace(/\/.*/s, "") : by];
  if (actor && !byAll.some((name) => name !== null && name !== "" && actor.has(name))) return false;
  const about = entry.subject ? [entry.subject.id, folded(entry.subject.name)] : [];
  if (subject && !about.some((name) => subject.has(name))) return false;
  const owner = (entry.data.key as { username?: string } | undefined)?.username;
  const title = (entry.subject?.kind === "key" && owner !== undefined ? `${owner}/` : "") + (about[1] ?? "");
  return !text || by.includes(folded(text)) || folded(title).includes(folded(text));
}

const name = fc.constantFrom(
  "mia",
  "Mia",
  "noa",
  'no"a',
  "no\\a",
  "ΜΙΑΣ",
  "ﬁn",
  "mia/Backup",
  "ida／x",
  "i\na",
);
const id = fc.constantFrom("1", "2", "3", "noa");

const actor: fc.Arbitrary<Actor> = fc.record({
  kind: fc.constantFrom("local", "key", "session", "anonymous"),
  id: fc.option(id),
  name: fc.option(name),
  address: fc.constantFrom(null, "192.0.2.7"),
});

const about = fc.record({
  type: fc.constantFrom("user.updated", "key.created", "key.revoked", "role.updated", "usage.recorded"),
  subject: fc.option(fc.record({ kind: fc.constantFrom("user", "key", "role"), id, name })),
  data: fc.oneof(
    fc.constant({}),
    name.map((username) => ({ key: { username } })),
  ),
});

/** Entries of one transaction, or attempts, and how long after the ones before; milliseconds. */
export const act = fc.record({
  actor,
  outcome: fc.constantFrom("ok", "ok", "failed", "denied"),
  entries: fc.array(about, { minLength: 1, maxLength: 4 }),
  later: fc.integer({ min: -2, max: 4 }).map((seconds) => 1000 * seconds),
});

export type Act = typeof act extends fc.Arbitrary<infer A> ? A : never;

/** Has the store enter what was done. */
export async function perform(store: Store, { actor, outcome, entries }: Act, at: string): Promise<void> {
  if (outcome === "ok") {
    await store.transaction(actor, async (tx) => {
      for (const { type, subject, data } of entries) tx.entry(type, subject, data);
    });
  } else {
    for (const entry of entries) store.record({ ...entry, at, actor, outcome, count: 1 });
  }
}

/** Acts happen from this instant on. */
export const BEGIN = Date.UTC(2026, 0, 1);
const instant = fc
  .integer({ min: -1, max: 60 })
  .map((seconds) => new Date(BEGIN + 1000 * seconds).toISOString());
const names = fc
  .array(fc.oneof(name.map(folded), id, fc.constantFrom("nobody", "ida", "mia")), {
    minLength: 1,
    maxLength: 2,
  })
  .map((names) => new Set(names));

const terms = {
  actor: names,
  subject: names,
  text: fc.constantFrom("", "z", "MI", "a/b", "a/", "o", '"', "\\", "\n", "σ", "fi", "mia/backup", "x"),
  type: fc.constantFrom("key.*", "user.updated", "key", "usage.recorded", "usage.*", "us.*"),
  outcome: fc.constantFrom("ok", "failed", "denied"),
  from: instant,
  to: instant,
  before: fc.integer({ min: 1, max: 120 }),
  after: fc.integer({ min: 0, max: 120 }),
};

/** One term finds some entries, many of them together hardly any. */
export const sought: fc.Arbitrary<Omit<EntryQuery, "limit">> = fc.oneof(
  fc.constant({}),
  ...Object.entries(terms).map(([term, value]) => fc.record({ [term]: value as fc.Arbitrary<unknown> })),
  fc.record(terms, { requiredKeys: [] }),
);

export const limit = fc.constantFrom(1, 2, 7, 500);
