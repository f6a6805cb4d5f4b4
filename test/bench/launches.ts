import type { Bench } from "./bench.ts";
import { cpuOf, residentBytesOf } from "./machine.ts";
import { type Column, number } from "./report.ts";
import { median } from "./rounds.ts";
import type { ServerProcess } from "./server-process.ts";

/** A program that is started again and again, from the same files each time. */
export interface Launched {
  name: string;
  script: URL;
  args: readonly string[];
}

/** One launched program's figures: medians over the rounds. */
export type LaunchFigures = {
  name: string;
  /** From the start of the process until it says that it is ready. */
  milliseconds: number;
  /** CPU time of the process until then, in milliseconds, all threads; null where it cannot be read. */
  cpu: number | null;
  /** Resident when ready, in bytes of 2^20; null where it cannot be read. */
  mebibytes: number | null;
};

export const launchColumns: readonly Column[] = [
  { of: "milliseconds", heading: "ready ms", as: number },
  { of: "cpu", heading: "CPU ms", as: number },
  { of: "mebibytes", heading: "resident MiB", as: number },
];

interface Launch {
  milliseconds: number;
  cpu: number | null;
  mebibytes: number | null;
}

/** Starts each program in turn, round after round, each second round in reverse, after one round that is thrown away. */
export async function launchInTurn(bench: Bench, programs: readonly Launched[]): Promise<LaunchFigures[]> {
  for (const program of programs) await launch(bench, program);
  const launches = new Map<Launched, Launch[]>(programs.map((program) => [program, []]));
  for (let round = 0; round < bench.plan.rounds; round += 1) {
    bench.progress(`round ${round + 1} of ${bench.plan.rounds}`);
    for (const program of round % 2 === 0 ? programs : programs.toReversed()) {
      launches.get(program)?.push(await launch(bench, program));
    }
  }
  return [...launches].map(([{ name }, all]) => ({
    name,
    milliseconds: median(all.map(({ milliseconds }) => milliseconds)),
    cpu: medianOrNull(all.map(({ cpu }) => cpu)),
    mebibytes: medianOrNull(all.map(({ mebibytes }) => mebibytes)),
  }));
}

/** Ended by SIGKILL, so that a daemon finds at its next start what it found at this one. */
async function launch(bench: Bench, { script, args }: Launched): Promise<Launch> {
  const before = performance.now();
  const server = await bench.start(script, args);
  const milliseconds = performance.now() - before;
  const launched = { milliseconds, ...costOf(server) };
  await server.kill();
  return launched;
}

function costOf({ pid }: ServerProcess): { cpu: number | null; mebibytes: number | null } {
  const cpu = cpuOf(pid);
  const bytes = residentBytesOf(pid);
  return { cpu: cpu === null ? null : cpu / 1000, mebibytes: bytes === null ? null : bytes / 2 ** 20 };
}

function medianOrNull(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === values.length ? median(known) : null;
}
