import type { Store } from "../store/store.ts";

/** Something that belongs to a user. */
interface Owned {
  readonly userId: string;
}

/**
 * Whether a text, in any case, is part of what `textsOf` says of a record or of its owner's user name. Without a text
 * everything has it.
 */
export async function textMatcher<R extends Owned>(
  store: Store,
  text: string | undefined,
  textsOf: (record: R) => readonly (string | null)[],
): Promise<(record: R) => boolean> {
  if (!text) return () => true;
  const wanted = text.toLowerCase();
  const owners = await store.scanUsers({
    matches: ({ username }) => username.includes(wanted),
    limit: Number.POSITIVE_INFINITY,
  });
  const ids = new Set(owners.map(({ id }) => id));
  return (record) =>
    ids.has(record.userId) || textsOf(record).some((each) => each?.toLowerCase().includes(wanted));
}
