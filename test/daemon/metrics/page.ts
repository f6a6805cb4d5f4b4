import { get } from "node:http";
import type { TestDaemon } from "../start-daemon.ts";

export interface Page {
  status: number;
  type: string;
  text: string;
  /** The value of a series by its name and labels, as they are written. */
  value(series: string): number | undefined;
}

function ask(options: object): Promise<Page> {
  return new Promise((resolve, reject) => {
    const request = get({ path: "/metrics", ...options }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (piece) => {
        text += piece;
      });
      response.on("end", () => {
        const lines = text.split("\n");
        resolve({
          status: response.statusCode ?? 0,
          type: response.headers["content-type"] ?? "",
          text,
          value(series) {
            const line = lines.find((line) => line.startsWith(`${series} `));
            return line === undefined ? undefined : Number(line.slice(series.length + 1));
          },
        });
      });
    });
    request.on("error", reject);
  });
}

/** The page of metrics as the operator reads it. */
export function overUnix(daemon: TestDaemon): Promise<Page> {
  return ask({ socketPath: `${daemon.directory}/rosterd.sock` });
}

export function overTcp(daemon: TestDaemon, secret?: string): Promise<Page> {
  const { hostname, port } = new URL(daemon.url);
  return ask({ hostname, port, headers: secret ? { Authorization: `Bearer ${secret}` } : {} });
}
