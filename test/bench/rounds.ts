import type { Bench } from "./bench.ts";
import type { Sample } from "./load.ts";
import type { ServerProcess } from "./server-process.ts";
import type { Shape } from "./traffic.ts";

/** A share of one core: more work than this by others, and a sample is taken again. */
const DISTURBED_ABOVE = 0.15;
const ATTEMPTS = 3;

/** One server with what is asked of it. */
export interface Contender {
  name: string;
  server: ServerProcess;
  headers: Record<string, string>;
  requests: string[];
}

/** One contender's figures: medians over the rounds. */
export type Figures = {
  name: string;
  /** Answers or deliveries a second. */
  rate: number;
  /** To the first contender's rate of the same round. */
  ratio: number;
  /** CPU time of the server for one answer, all its threads; null where it cannot be read. */
  serverMicroseconds: number | null;
  /** Of one core; near 1 the load generator is what limits the rate. */
  loadBusy: number | null;
  p50: number;
  p99: number;
  bytesAnAnswer: number;
  /** Largest minus smallest rate, of the median. */
  spread: number;
  /** Samples during which others worked, even when taken again. */
  disturbed: number;
};

/**
 * Measures the contenders in turn, round after round, each second round in reverse, after one round that is
 * thrown away. The first contender is the limit that the others are compared with.
 */
export async function alternate(
  bench: Bench,
  contenders: readonly Contender[],
  shape: Shape,
): Promise<Figures[]> {
  for (const contender of contenders) await measure(bench, contender, shape);
  const samples = new Map<Contender, Sample[]>(contenders.map((contender) => [contender, []]));
  for (let round = 0; round < bench.plan.rounds; round += 1) {
    bench.progress(`round ${round + 1} of ${bench.plan.rounds}`);
    for (const contender of round % 2 === 0 ? contenders : contenders.toReversed()) {
      samples.get(contender)?.push(await measureInPeace(bench, contender, shape));
    }
  }
  const limit = [...samples.values()][0]?.map(rateOf) ?? [];
  return [...samples].map(([{ name }, taken]) => summarise(name, taken, limit));
}

async function measureInPeace(bench: Bench, contender: Contender, shape: Shape): Promise<Sample> {
  let best = await measure(bench, contender, shape);
  for (let attempt = 1; attempt < ATTEMPTS && isDisturbed(best) && bench.plan.repeats > 0; attempt += 1) {
    bench.plan.repeats -= 1;
    const again = await measure(bench, contender, shape);
    if ((again.otherCpu ?? 0) / again.milliseconds < (best.otherCpu ?? 0) / best.milliseconds) best = again;
  }
  return best;
}

function measure(bench: Bench, { server, headers, requests }: Contender, shape: Shape): Promise<Sample> {
  const { url, pid } = server;
  return bench.load.run({ url, pid, headers, requests, shape, milliseconds: bench.plan.milliseconds });
}

function isDisturbed({ otherCpu, milliseconds }: Sample): boolean {
  return otherCpu !== null && otherCpu / 1000 / milliseconds > DISTURBED_ABOVE;
}

function rateOf({ answers, milliseconds }: Sample): number {
  return (answers / milliseconds) * 1000;
}

function summarise(name: string, samples: readonly Sample[], limit: readonly number[]): Figures {
  const rates = samples.map(rateOf);
  const rate = median(rates);
  return {
    name,
    rate,
    ratio: median(rates.map((each, round) => each / (limit[round] ?? Number.NaN))),
    serverMicroseconds: medianOrNull(samples.map(({ serverCpu, answers }) => over(serverCpu, answers))),
    loadBusy: medianOrNull(samples.map(({ loadCpu, milliseconds }) => over(loadCpu, milliseconds * 1000))),
    p50: median(samples.map((sample) => sample.p50)),
    p99: median(samples.map((sample) => sample.p99)),
    bytesAnAnswer: median(samples.map(({ bytes, answers }) => bytes / answers)),
    spread: (Math.max(...rates) - Math.min(...rates)) / rate,
    disturbed: samples.filter(isDisturbed).length,
  };
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const low = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
  const high = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  return (low + high) / 2;
}

/** The value that so large a share of them does not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

function medianOrNull(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === values.length ? median(known) : null;
}

function over(value: number | null, divisor: number): number | null {
  return value === null ? null : value / divisor;
}
