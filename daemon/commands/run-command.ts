import { checkConfig, showConfig } from "../config/report.ts";
import { UsageError } from "../config/usage-error.ts";
import type { Invocation } from "../config.ts";
import { InUseError } from "../store/json/store-error.ts";
import { backup } from "./backup.ts";
import type { Surroundings } from "./command.ts";
import { recoverAdmin } from "./recover-admin.ts";
import { restore } from "./restore.ts";
import { verify } from "./verify.ts";

/** Does what a command line other than `run` asks for; resolves with the exit status. */
export async function runCommand(invocation: Invocation): Promise<number> {
  const { command, config } = invocation;
  const around: Surroundings = {
    config,
    now: Date.now,
    say: (line) => process.stdout.write(`${line}\n`),
    warn: (line) => process.stderr.write(`rosterd: ${line}\n`),
  };
  try {
    switch (command.name) {
      case "run":
        throw new Error("The daemon is no command");
      case "config check":
        process.stdout.write(checkConfig(invocation, Date.now()));
        return 0;
      case "config show":
        process.stdout.write(showConfig(invocation));
        return 0;
      case "verify":
        return await verify(around, command);
      case "backup":
        return await backup(around, command);
      case "restore":
        return await restore(around, command);
      case "recover-admin":
        return await recoverAdmin(around, command);
    }
  } catch (error) {
    around.warn(messageOf(error, command.name));
    return error instanceof UsageError ? 2 : 1;
  }
}

/** What to do instead while the daemon runs. */
const online: Partial<Record<Invocation["command"]["name"], string>> = {
  verify: "or ask the daemon: roster call system.verify",
  backup: "or let the daemon do it: roster call system.backup",
  "recover-admin": "or use its socket: roster call users.resetPassword",
};

function messageOf(error: unknown, command: keyof typeof online): string {
  const message = error instanceof Error ? error.message : String(error);
  const instead = error instanceof InUseError ? online[command] : undefined;
  return instead ? `${message}, ${instead}` : message;
}
