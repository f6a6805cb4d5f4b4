import type { Chain } from "./chain-check.ts";

/** A tip that somebody kept elsewhere. */
export interface KeptTip {
  seq: number;
  /** Hex. */
  hash: string;
  /** Null: it was not kept. */
  epoch: string | null;
}

/** What is wrong with the chain of this epoch, seen from the tip; null when the tip lies on it. */
export function tipProblem(tip: KeptTip, chain: Chain, epoch: string): string | null {
  return epochProblem(tip, chain, epoch) ?? chainProblem(tip, chain);
}

function epochProblem(tip: KeptTip, chain: Chain, epoch: string): string | null {
  if (tip.epoch === null || tip.epoch === epoch) return null;
  const end = chain.epochEnds.find((ended) => ended.epoch === tip.epoch);
  if (!end)
    return `the tip is of epoch ${tip.epoch}; this directory's is ${epoch}, and they have no common history`;
  if (tip.seq <= end.seq) return null;
  return (
    `the tip is of epoch ${tip.epoch}, which ended here at position ${end.seq}, when a backup was restored; ` +
    "what came after that is in the data that the restore set aside"
  );
}

function chainProblem(tip: KeptTip, chain: Chain): string | null {
  if (chain.hashes.get(tip.seq) === tip.hash) return null;
  const restored = chain.epochEnds.findLast(({ seq }) => seq < tip.seq);
  const hint =
    restored && tip.epoch === null
      ? ` (or the tip is older than the restore after position ${restored.seq}, and of epoch ${restored.epoch})`
      : "";
  if (tip.seq > chain.seq) {
    return `positions ${chain.seq + 1} to ${tip.seq} are missing at the end: the tip is newer than what is here${hint}`;
  }
  if (tip.seq < chain.start) {
    return `the tip's position ${tip.seq} was pruned (kept are those after ${chain.start}): use a newer tip`;
  }
  return `at position ${tip.seq} the chain has not the tip's hash: the history up to there was changed${hint}`;
}
