import { createContext, useContext } from "react";
import type { User, UserChanges } from "../protocol/index.ts";

/** Puts one user back as it was, as long as nobody has changed it since. */
export interface UndoStep {
  readonly id: string;
  readonly username: string;
  readonly changes: UserChanges;
  /** The revision that the change left. */
  readonly ifRevision: number;
}

/** Something that was done, to one user or many, and how to take it back. */
export interface Undoable {
  /** As in `undo WHAT`: `the disabling of 3 users`. */
  readonly what: string;
  readonly steps: readonly UndoStep[];
}

/** How far back one can go. */
const MOST_KEPT = 50;

const fields = [
  "username",
  "fullName",
  "roles",
  "active",
  "mustChangePassword",
  "theme",
  "presence",
  "validUntil",
] as const satisfies readonly (keyof UserChanges)[];

/** What a person did to users and may take back, the last first. */
export class UndoHistory {
  readonly #done: Undoable[] = [];

  note(undoable: Undoable): void {
    if (undoable.steps.length === 0) return;
    this.#done.push(undoable);
    if (this.#done.length > MOST_KEPT) this.#done.shift();
  }

  /** The last that was done; it is forgotten here, undone or not. */
  take(): Undoable | undefined {
    return this.#done.pop();
  }
}

/** The step that puts the named fields back as they were in `before`. */
export function undoStep(
  before: User,
  after: User,
  changed: readonly (keyof UserChanges)[] = fields.filter(
    (field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]),
  ),
): UndoStep {
  const changes = Object.fromEntries(changed.map((field) => [field, before[field]]));
  return { id: after.id, username: after.username, changes, ifRevision: after.revision };
}

export const UndoContext = createContext<UndoHistory | null>(null);

export function useUndo(): UndoHistory {
  const history = useContext(UndoContext);
  if (!history) throw new Error("useUndo needs an UndoContext above it");
  return history;
}
