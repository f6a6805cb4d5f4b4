import type { Waits } from "./probe.ts";

/** What somebody else felt, and what the daemon took, for as long as one looked. */
export interface Felt {
  reads: Waits;
  changes: Waits;
  /** MiB. */
  memory: number;
  files: number;
}

export interface Outcome {
  attack: string;
  /** What became of the attackers. */
  came: string;
  before: Felt;
  /** Memory and files at most. */
  meanwhile: Felt;
  afterwards: Felt;
}

/** The p99 of others' waits, in milliseconds; on a slow or busy machine that many times what it was before. */
const MOST_WAIT = { reads: 50, changes: 150 };
const MOST_SLOWER = 10;
/** MiB, of which a directory of 500 users takes 90. */
const MOST_MEMORY = 256;
/** What is still open of the one who looks whether somebody new gets in. */
const MOST_FILES_LEFT = 5;

/** One line for each bound that does not hold. */
export function brokenBounds({ before, meanwhile, afterwards }: Outcome): string[] {
  const broken: string[] = [];
  for (const kind of ["reads", "changes"] as const) {
    const most = Math.max(MOST_WAIT[kind], MOST_SLOWER * before[kind].p99);
    const { p99 } = meanwhile[kind];
    if (!(p99 <= most)) broken.push(`p99 of ${kind} is ${ms(p99)} ms, at most ${ms(most)} are allowed`);
  }
  const { memory } = meanwhile;
  if (memory > MOST_MEMORY)
    broken.push(`memory is ${memory.toFixed(0)} MiB, at most ${MOST_MEMORY} are allowed`);
  const left = afterwards.files - before.files;
  if (left > MOST_FILES_LEFT) broken.push(`${left} files stay open`);
  return broken;
}

/** As it stands in README.md: p99 before and meanwhile. */
export function table(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(({ attack, came, before, meanwhile, afterwards }) => {
    const reads = `${ms(before.reads.p99)} → ${ms(meanwhile.reads.p99)}`;
    const changes = `${ms(before.changes.p99)} → ${ms(meanwhile.changes.p99)}`;
    const memory = [before, meanwhile, afterwards].map(({ memory }) => memory.toFixed(0)).join(" → ");
    return `| ${[attack, reads, changes, memory, came].join(" | ")} |`;
  });
  return [
    "| attack | reads | changes | memory | the attackers |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}

export function ms(value: number): string {
  return value.toFixed(value < 10 ? 1 : 0);
}
