import { ProtocolError } from "../protocol/index.ts";
import { asError } from "./as-error.ts";

/** What became of a piece of work on many items. */
export interface BulkOutcome<Item> {
  readonly done: readonly Item[];
  readonly failed: readonly { readonly item: Item; readonly error: Error }[];
  /** Not tried: it was stopped, the connection was lost, or nobody gave the password that was asked for. */
  readonly left: readonly Item[];
}

export interface BulkOptions {
  /** How many have been tried. */
  onProgress?(tried: number): void;
  isStopped?(): boolean;
  /** How many at a time. */
  readonly atOnce?: number;
}

const AT_ONCE = 8;

/** Does `work` on each item; one that fails does not keep the others from being tried. */
export async function runBulk<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
  { onProgress, isStopped, atOnce = AT_ONCE }: BulkOptions = {},
): Promise<BulkOutcome<Item>> {
  const done: Item[] = [];
  const failed: { item: Item; error: Error }[] = [];
  const waiting = items.map((item, index) => ({ item, index }));
  let hopeless = false;

  async function worker(): Promise<void> {
    while (!hopeless && !isStopped?.()) {
      const next = waiting.shift();
      if (!next) return;
      try {
        await work(next.item);
        done.push(next.item);
      } catch (failure) {
        const error = asError(failure);
        hopeless ||= endsAll(error);
        failed.push({ item: next.item, error });
      }
      onProgress?.(done.length + failed.length);
    }
  }

  // The first one alone, so that a password is asked for once and what nobody may do is refused once.
  const first = waiting.splice(1);
  await worker();
  waiting.push(...first);
  await Promise.all(Array.from({ length: atOnce }, worker));
  return { done, failed, left: waiting.map(({ item }) => item) };
}

/** Whatever fails so would fail for the rest too. */
function endsAll(error: Error): boolean {
  return !(error instanceof ProtocolError) || error.reason === "reauthenticationRequired";
}
