import type { UserRecord } from "../records.ts";
import { FOREVER, listedUntil, type UserRows } from "./user-rows.ts";

/**
 * When those on the presence board have to leave it. An end that has come is soon recorded with the user, so that in
 * most moments there is none that is not, which can be told without a look at each user.
 */
export class ListedEnds {
  readonly #rows: UserRows;
  /** Nobody's end is earlier. */
  #bound = FOREVER;

  constructor(rows: UserRows) {
    this.#rows = rows;
  }

  /** To be told every user before it becomes a row. */
  put(user: UserRecord): void {
    const until = listedUntil(user);
    if (until !== "" && until < this.#bound) this.#bound = until;
  }

  /** Whether somebody's end has come by `now` and is not recorded. */
  haveCome(now: string): boolean {
    if (this.#bound > now) return false;
    this.#bound = FOREVER;
    for (let slot = 0; slot < this.#rows.length; slot++) {
      const row = this.#rows.at(slot);
      if (row) this.put(row.user);
    }
    return this.#bound <= now;
  }
}
