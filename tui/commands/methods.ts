import type { OpenRpcDocument } from "../../protocol/index.ts";
import { safeText } from "../terminal/safe-text.ts";
import { type Destination, open } from "./connection.ts";

/** Prints every method that the daemon has, with its summary. */
export async function methods(destination: Destination): Promise<number> {
  const document = await discover(destination);
  const width = Math.max(...document.methods.map(({ name }) => name.length));
  for (const { name, summary } of document.methods) {
    process.stdout.write(`${safeText(`${name.padEnd(width)}  ${summary}`)}\n`);
  }
  return 0;
}

/** The contract as the daemon has it, which may be newer than this program. */
export async function discover(destination: Destination): Promise<OpenRpcDocument> {
  const client = await open(destination, "never");
  try {
    return await client.call("rpc.discover", {});
  } finally {
    client.close();
  }
}
