import { namesOf, type Party, titleOf } from "./entry-parties.ts";

const NONE: readonly number[] = [];

/** The parties that entries name, each once and by a number, and found by what they are called. */
export class PartyTable {
  readonly #parties: Party[] = [];
  readonly #titles: string[] = [];
  /** By id and by each normalised name. */
  readonly #known = new Map<string, number[]>();

  get size(): number {
    return this.#parties.length;
  }

  numberOf(party: Party): number {
    const alike = this.#known.get(keyOf(party)) ?? NONE;
    for (let at = alike.length - 1; at >= 0; at--) {
      const number = alike[at] ?? 0;
      if (isSame(party, this.#parties[number])) return number;
    }
    return this.#add(party);
  }

  /** Those whose id or name is one of these; some more than once. */
  known(names: ReadonlySet<string>): number[] {
    return [...names].flatMap((name) => this.#known.get(name) ?? NONE);
  }

  titleOf(number: number): string {
    return this.#titles[number] ?? "";
  }

  #add(party: Party): number {
    const number = this.#parties.push(party) - 1;
    this.#titles.push(titleOf(party));
    for (const name of new Set([keyOf(party), ...namesOf(party)])) {
      const known = this.#known.get(name);
      if (known) known.push(number);
      else this.#known.set(name, [number]);
    }
    return number;
  }
}

function keyOf({ id, name }: Party): string {
  return id ?? name ?? "";
}

function isSame(one: Party, other: Party | undefined): boolean {
  return (
    one.id === other?.id &&
    one.name === other.name &&
    one.isActingKey === other.isActingKey &&
    one.owner === other.owner
  );
}
