import type { UserRecord } from "../records.ts";
import { Backfill } from "./backfill.ts";
import type { Passing } from "./filtered-order.ts";
import type { Work } from "./idle-work.ts";
import { listedUntil, type Row, type UserRows } from "./user-rows.ts";

/** What filters ask of users that many of them have in common. */
export interface UserKind extends Pick<UserRecord, "active" | "type" | "mustChangePassword" | "roles"> {
  hasPassword: boolean;
  deleted: boolean;
  /** What the user last said on the presence board; null: nothing yet. */
  status: string | null;
  /** Has a place on the presence board unless its end has come since. */
  listed: boolean;
}

/** By the id of the user. */
export type StatusOf = (userId: string) => UserKind["status"];

/** The number of the kind of a slot that holds nobody. */
const NOBODY = 0;

/**
 * Which kinds of users there are, of which kind the user at each slot is, and how many are of each: kinds are few, so
 * that a test costs one look at each kind instead of each user.
 */
export class UserKinds {
  readonly #numbers = new Map<string, number>();
  readonly #kinds: (UserKind | null)[] = [null];
  readonly #counts = [0];
  readonly #bySlot: number[] = [];
  readonly #statusOf: StatusOf;
  readonly #backfill: Backfill<Row>;

  constructor(rows: UserRows, statusOf: StatusOf) {
    this.#statusOf = statusOf;
    this.#backfill = new Backfill(rows, (slot, row) => this.#set(slot, this.#numberOf(row)));
  }

  /** Counts the rows once they are complete: to be done before anything is asked. */
  get work(): Work {
    return this.#backfill;
  }

  /** The row at this slot is new or another one, or its user says something else. */
  put(slot: number, row: Row): void {
    if (this.#backfill.has(slot)) this.#set(slot, this.#numberOf(row));
  }

  /** There is no row at this slot any more. */
  remove(slot: number): void {
    if (this.#backfill.has(slot)) this.#set(slot, NOBODY);
  }

  /** Those whose kind passes. */
  passing(test: (kind: UserKind) => boolean): KindsPassing {
    const passing = Uint8Array.from(this.#kinds, (kind) => (kind && test(kind) ? 1 : 0));
    const count = this.#counts.reduce((sum, each, number) => sum + each * (passing[number] ?? 0), 0);
    return new KindsPassing(this.#bySlot, passing, count);
  }

  #set(slot: number, number: number): void {
    this.#count(this.#bySlot[slot] ?? NOBODY, -1);
    this.#count(number, 1);
    this.#bySlot[slot] = number;
  }

  #count(number: number, by: number): void {
    this.#counts[number] = (this.#counts[number] ?? 0) + by;
  }

  /** The same roles in another order make another kind. */
  #numberOf({ user }: Row): number {
    const kind = kindOf(user, this.#statusOf(user.id));
    const name = JSON.stringify(Object.values(kind));
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    this.#numbers.set(name, this.#kinds.length);
    return this.#kinds.push(kind) - 1;
  }
}

/** The slots of users whose kind passes. */
class KindsPassing implements Passing {
  readonly count: number;
  readonly #bySlot: readonly number[];
  readonly #passing: Uint8Array;

  /** `passing`: by number, 1 for each kind that passes, else 0. */
  constructor(bySlot: readonly number[], passing: Uint8Array, count: number) {
    this.count = count;
    this.#bySlot = bySlot;
    this.#passing = passing;
  }

  gather(slots: readonly number[], found: Uint32Array, count: number): number {
    const [bySlot, passing] = [this.#bySlot, this.#passing];
    let end = count;
    for (const slot of slots) {
      found[end] = slot;
      end += passing[bySlot[slot] ?? NOBODY] ?? 0;
    }
    return end;
  }

  /** Takes the marks of all other slots away. */
  unmarkOthers(marks: Uint8Array): void {
    const [bySlot, passing] = [this.#bySlot, this.#passing];
    for (let slot = 0; slot < marks.length; slot++) {
      if (marks[slot] === 1) marks[slot] = passing[bySlot[slot] ?? NOBODY] ?? 0;
    }
  }
}

function kindOf(user: UserRecord, status: string | null): UserKind {
  const { active, type, mustChangePassword, passwordHash, roles, deletedAt } = user;
  return {
    active,
    type,
    mustChangePassword,
    roles,
    hasPassword: passwordHash !== null,
    deleted: deletedAt !== null,
    status,
    listed: listedUntil(user) !== "",
  };
}
