import type { UserSort } from "../../../protocol/index.ts";
import type { UserRecord } from "../records.ts";

/** What users are kept sorted by: as lists are asked for, and by id as exports go through them. */
export type SortKey = UserSort["by"] | "id";

/** A user as lists need it, with what each order sorts by. */
export interface Row extends Record<SortKey, string> {
  user: UserRecord;
  /** Folded: sorted without regard to case, by UTF-16 code unit. */
  fullName: string;
  /** Empty for who never logged in: they come first. */
  lastLoginAt: string;
}

/** A text as it is searched and sorted: canonically composed and lower-cased. */
export function foldCase(text: string): string {
  return text.normalize("NFC").toLowerCase();
}

export function rowOf(user: UserRecord): Row {
  const { id, username, createdAt, updatedAt } = user;
  return {
    user,
    id,
    username,
    fullName: foldCase(user.fullName),
    createdAt,
    updatedAt,
    lastLoginAt: user.lastLoginAt ?? "",
  };
}

/** Users at small fixed numbers, their slots: what orders and marks are made of instead of references. */
export class UserRows {
  readonly #rows: (Row | null)[] = [];
  readonly #slots = new Map<string, number>();
  readonly #free: number[] = [];

  /** One more than the highest slot. */
  get length(): number {
    return this.#rows.length;
  }

  slotOf(id: string): number | undefined {
    return this.#slots.get(id);
  }

  /** Null where there is no user. */
  at(slot: number): Row | null {
    return this.#rows[slot] ?? null;
  }

  /** The row at a slot that is in use. */
  row(slot: number): Row {
    const row = this.#rows[slot];
    if (!row) throw new Error(`There is no user at slot ${slot}`);
    return row;
  }

  add(row: Row): number {
    const slot = this.#free.pop() ?? this.#rows.length;
    this.#rows[slot] = row;
    this.#slots.set(row.user.id, slot);
    return slot;
  }

  replace(slot: number, row: Row): void {
    this.#rows[slot] = row;
  }

  remove(slot: number): void {
    this.#slots.delete(this.row(slot).user.id);
    this.#rows[slot] = null;
    this.#free.push(slot);
  }
}
