import type { ScryptCost } from "../directory/password-hashing.ts";
import { type Kind, textual } from "./kinds.ts";

/** scrypt's cost as OWASP writes its rows: N/r/p. */
export function scryptCost(rows: readonly ScryptCost[]): Kind<ScryptCost> {
  const write = ({ logN, r, p }: ScryptCost): string => `2^${logN}/${r}/${p}`;
  const form = `one of ${rows.map((row) => `"${write(row)}"`).join(", ")}`;
  return textual(form, "N/r/p", (text) => rows.find((row) => write(row) === text), write);
}
