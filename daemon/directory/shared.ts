/** What is remembered of a shared object, so that it is needed once. */
export interface Remembered {
  /** The schema by which it has been found good. */
  checkedBy?: unknown;
  /** Its JSON. */
  text?: string | undefined;
  /** Somebody asked for its JSON before. */
  wasAsked?: true;
}

const remembered = new WeakMap<object, Remembered>();

/**
 * Freezes an object of the wire that is handed out again while nothing in it changed: its schema check and its text
 * are then needed once.
 */
export function share<T extends object>(object: T): T {
  Object.freeze(object);
  remembered.set(object, {});
  return object;
}

/** Undefined for what is no shared object. */
export function rememberedOf(value: unknown): Remembered | undefined {
  return typeof value === "object" && value !== null ? remembered.get(value) : undefined;
}
