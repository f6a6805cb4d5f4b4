import type { Problem } from "../store.ts";

/** A problem as one line for people. */
export function problemText({ file, line, problem }: Problem): string {
  if (file === null) return problem;
  return line === null ? `${file}: ${problem}` : `${file}, line ${line}: ${problem}`;
}

/** More than so many help nobody: they have one cause. */
const MOST = 100;

/** Gathers problems up to a limit. */
export class Problems {
  readonly list: Problem[] = [];
  #more = 0;

  add(file: string | null, line: number | null, problem: string): void {
    if (this.list.length < MOST) this.list.push({ file, line, problem });
    else this.#more += 1;
  }

  /** All of them; the last one says how many were left out, if any were. */
  all(): Problem[] {
    if (this.#more === 0) return this.list;
    return [...this.list, { file: null, line: null, problem: `and ${this.#more} more` }];
  }
}
