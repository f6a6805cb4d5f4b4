import type { Config } from "../config.ts";
import type { StoreLog } from "../store/json/store-log.ts";

/** What a command finds around it. */
export interface Surroundings {
  config: Config;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** Writes a line for whoever asked. */
  say: (line: string) => void;
  /** Writes a line on standard error. */
  warn: (line: string) => void;
}

/** The person at the machine, as the audit names them. */
export const OPERATOR = { kind: "local", id: null, name: "rosterd", address: null } as const;

/** The store's warnings and errors, for whoever runs a command. */
export function storeLog(warn: (line: string) => void): StoreLog {
  return {
    info: () => {},
    warn: (_details, message) => warn(message),
    error: (_details, message) => warn(message),
  };
}

/** A number with its noun: `1 user`, `1,234 users`. */
export function counted(count: number, noun: string, nouns = `${noun}s`): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? noun : nouns}`;
}
