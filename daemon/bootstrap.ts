import { readFileSync } from "node:fs";
import type { JSONRPCResponse } from "json-rpc-2.0";
import { UsageError } from "./config/usage-error.ts";
import type { Config } from "./config.ts";
import type { Dispatch } from "./dispatch.ts";
import type { ConnectionHandle } from "./handlers.ts";
import type { Logger } from "./log.ts";
import type { Store } from "./store/store.ts";

export interface BootstrapParts {
  bootstrap: Config["bootstrap"];
  store: Store;
  dispatch: Dispatch;
  log: Logger;
}

/** The configuration's own call, as the operator's over the Unix socket: the audit names it so. */
const configuration: ConnectionHandle = {
  caller: { kind: "local", address: null, client: "bootstrap" },
  address: null,
  client: "bootstrap",
  become() {},
};

/**
 * Makes the first administrator that the configuration names, while the directory has no user at all; later it only
 * says that nothing came of it. The password must be changed at the first login: it lay in a file.
 *
 * Throws `UsageError` naming the file, or what is wrong with the password.
 */
export async function bootstrap({ bootstrap, store, dispatch, log }: BootstrapParts): Promise<void> {
  const { username, passwordFile } = bootstrap;
  if (username === null || passwordFile === null) return;
  if (store.status().users > 0) {
    log.info("bootstrap.username and bootstrap.passwordFile are ignored: the directory has users");
    return;
  }
  const params = { username, password: readPassword(passwordFile), roles: ["admin"] };
  const answer = await dispatch({ method: "users.create", params, id: 0, issues: [] }, configuration);
  if (answer?.error) throw new UsageError(explain(answer.error, passwordFile));
  log.info(
    { username },
    "Made the first administrator; bootstrap.username and bootstrap.passwordFile can go now",
  );
}

function explain({ message, data }: NonNullable<JSONRPCResponse["error"]>, passwordFile: string): string {
  const problems: { message: string }[] = data?.problems ?? [];
  const what = problems.length > 0 ? problems.map((problem) => problem.message).join(", ") : message;
  return `bootstrap.passwordFile: the first administrator cannot be made with ${passwordFile}: ${what}`;
}

/** Without the end of the line, which editors and `echo` put there. */
function readPassword(file: string): string {
  try {
    return readFileSync(file, "utf8").replace(/\r?\n$/, "");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UsageError(`bootstrap.passwordFile: ${file} cannot be read (${code})`);
  }
}
