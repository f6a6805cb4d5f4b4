import { useSyncExternalStore } from "react";

/** Something that changes and is drawn anew then. */
export abstract class Watched<View> {
  readonly #watchers = new Set<() => void>();
  #view: View | null = null;

  /** The same object until something changes. */
  get view(): View {
    this.#view ??= this.draw();
    return this.#view;
  }

  /** Calls on every change; the result ends that. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  protected abstract draw(): View;

  protected publish(): void {
    this.#view = null;
    for (const watcher of this.#watchers) watcher();
  }
}

/** What is to be drawn of it, now and after each change. */
export function useWatched<View>(watched: Watched<View>): View {
  return useSyncExternalStore(
    (watcher) => watched.watch(watcher),
    () => watched.view,
  );
}
