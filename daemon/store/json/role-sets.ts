/** Numbers the different sets of roles that users have: they are few, so that a test costs one look at each set instead of each user's roles. */
export class RoleSets {
  readonly #numbers = new Map<string, number>();
  readonly #sets: (readonly string[])[] = [];

  /** The same roles in another order have another number. */
  numberOf(roles: readonly string[]): number {
    const name = JSON.stringify(roles);
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    this.#numbers.set(name, this.#sets.length);
    return this.#sets.push(roles) - 1;
  }

  /** By number, whether the set has all of these. */
  having(roles: readonly string[]): boolean[] {
    return this.#sets.map((set) => roles.every((role) => set.includes(role)));
  }
}
