import type { Connection } from "./connection.ts";

/** The open connections. */
export class Connections extends Set<Connection> {
  /** How many speak for the key of this id. */
  ofKey(keyId: string): number {
    return this.#count(({ caller }) => caller.kind === "key" && caller.keyId === keyId);
  }

  /** How many from this address speak for nobody yet. */
  anonymousFrom(address: string): number {
    return this.#count(({ caller }) => caller.kind === "anonymous" && caller.address === address);
  }

  #count(matches: (connection: Connection) => boolean): number {
    let count = 0;
    for (const connection of this) if (matches(connection)) count += 1;
    return count;
  }
}
