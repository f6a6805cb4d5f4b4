import type { UserRecord } from "../records.ts";

/** What filters ask of users that many of them have in common. */
export interface UserKind extends Pick<UserRecord, "active" | "type" | "mustChangePassword" | "roles"> {
  hasPassword: boolean;
}

/** Numbers the kinds of users that there are: they are few, so that a test costs one look at each kind instead of each user. */
export class UserKinds {
  readonly #numbers = new Map<string, number>();
  readonly #kinds: UserKind[] = [];

  /** The same roles in another order make another kind. */
  numberOf({ active, type, mustChangePassword, passwordHash, roles }: UserRecord): number {
    const hasPassword = passwordHash !== null;
    const name = `${active} ${type} ${mustChangePassword} ${hasPassword} ${JSON.stringify(roles)}`;
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    this.#numbers.set(name, this.#kinds.length);
    return this.#kinds.push({ active, type, mustChangePassword, hasPassword, roles }) - 1;
  }

  /** By number, whether the kind passes. */
  passing(test: (kind: UserKind) => boolean): boolean[] {
    return this.#kinds.map(test);
  }
}
