import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { type LoadProcess, startLoad } from "./load-process.ts";
import type { Table } from "./report.ts";
import { type ServerProcess, startServer } from "./server-process.ts";

/** How long and how often everything is measured. */
export interface Plan {
  rounds: number;
  milliseconds: number;
  /** Populations above this are cut to it, and so are those who subscribe or log in. */
  mostUsers: number;
  /** Samples that may be taken again in the whole run because other work was seen on the machine. */
  repeats: number;
  /** Rounds through the terminal UI's lists. */
  listRounds: number;
}

export const fullPlan: Plan = {
  rounds: 5,
  milliseconds: 800,
  mostUsers: 100_000,
  repeats: 40,
  listRounds: 7,
};

/** For one section alone there is time for more: a p95 of 29 samples is the second worst of them. */
export const sectionPlan: Plan = { ...fullPlan, listRounds: 24 };

/** To see that the bench works; its figures mean nothing. */
export const quickPlan: Plan = { rounds: 1, milliseconds: 50, mostUsers: 10, repeats: 0, listRounds: 1 };

/** What a section works with: a plan, scratch space on a real disk, the load generator, and servers. */
export interface Bench {
  plan: Plan;
  directory: string;
  load: LoadProcess;
  /** Starts a server that `end` stops, if nobody did before. */
  start(script: URL, args: readonly string[]): Promise<ServerProcess>;
  /** Says what is being done, to whoever watches. */
  progress(text: string): void;
  /** Stops every process that the bench started and removes its files. */
  end(): Promise<void>;
}

/** One section of the bench: what `npm run bench -- NAME` measures. */
export type Section = (bench: Bench) => Promise<Table[]>;

/** `parent` must lie on the disk that the changes are to be synced to; a tmpfs would sync for nothing. */
export async function createBench(
  plan: Plan,
  parent: string,
  progress: (text: string) => void,
): Promise<Bench> {
  const directory = await mkdtemp(join(parent, "bench-"));
  const load = startLoad();
  const servers: ServerProcess[] = [];
  return {
    plan,
    directory,
    load,
    progress,
    async start(script, args) {
      const server = await startServer(script, args);
      servers.push(server);
      return server;
    },
    async end() {
      await Promise.all([load.stop(), ...servers.map((server) => server.stop())]);
      await rm(directory, { recursive: true });
    },
  };
}
