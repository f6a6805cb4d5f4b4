import { fork } from "node:child_process";
import { once } from "node:events";
import type { Order, Report, Sample } from "./load.ts";

/** The load generator, in a process of its own and kept warm over all servers. */
export interface LoadProcess {
  pid: number;
  run(order: Order): Promise<Sample>;
  stop(): Promise<void>;
}

/** Forks the load generator. `run` throws what went wrong between it and the server. */
export function startLoad(): LoadProcess {
  const child = fork(new URL("./load.js", import.meta.url));
  if (child.pid === undefined) throw new Error("the load generator did not start");
  return {
    pid: child.pid,
    async run(order) {
      child.send(order);
      const [report] = (await once(child, "message")) as [Report];
      if ("failure" in report) throw new Error(`${order.url}: ${report.failure}`);
      return report.sample;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, "close");
      child.kill("SIGTERM");
      await gone;
    },
  };
}
