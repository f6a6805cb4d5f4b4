import { ProtocolError } from "../../protocol/index.ts";

/** The error of the contract that `work` ends in, where it does; any other error is thrown on. */
export async function refusalOf(work: () => Promise<void>): Promise<ProtocolError | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof ProtocolError) return error;
    throw error;
  }
}
