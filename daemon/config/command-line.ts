import { resolve } from "node:path";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { nearest, Username } from "../../protocol/index.ts";
import type { KeptTip } from "../store/json/tip-check.ts";
import { rows, type Source } from "./resolve.ts";
import type { Row } from "./setting.ts";
import { UsageError } from "./usage-error.ts";

/** What the caller asked for instead of a daemon: the help or the version. */
export class Information extends Error {
  override name = "Information";
}

/** What the program is to do, with the command's own arguments. */
export type Asked =
  | { name: "run" | "config check" | "config show" }
  | { name: "verify"; tip: KeptTip | null; acceptEdit: boolean }
  | { name: "backup"; file: string }
  | { name: "restore"; file: string; keepKeys: boolean }
  | { name: "recover-admin"; username: string; create: boolean };

export interface CommandLine {
  command: Asked;
  /** Of `--config`. */
  configFile: string | undefined;
  flags: Source;
}

const notes = `
A variable whose name ends in _FILE, such as ROSTER_LISTEN_FILE, names a file that holds the value. Flags go before
the environment, that before the file, that before the defaults. docs/configuration.md has all settings.

Exit status: 0 well, 1 failed, 2 wrong usage or configuration.`;

/** Throws `UsageError`, and `Information` for `--help` and `--version`. */
export function parseCommandLine(argv: readonly string[], version: string): CommandLine {
  let command: Asked = { name: "run" };
  const program = createProgram(version, (asked) => {
    command = asked;
  });
  parse(program, argv);
  const given: Record<string, string | boolean | undefined> = program.opts();
  const configFile = given.config;
  return {
    command,
    configFile: typeof configFile === "string" ? configFile : undefined,
    flags({ flag, setting }) {
      const value = setting.flag && given[new Option(flag).attributeName()];
      if (value === undefined) return undefined;
      const written = typeof value === "string" ? setting.kind.fromText(value) : value;
      return { written, name: flag, origin: flag, base: process.cwd() };
    },
  };
}

type Ask = (command: Asked) => void;

function createProgram(version: string, ask: Ask): Command {
  const program = new Command("rosterd")
    .description("The Roster directory daemon: users, roles, keys and settings over JSON-RPC 2.0.")
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .option("--config <file>", "the configuration file, TOML (env: ROSTER_CONFIG)")
    .addHelpText("after", notes)
    .exitOverride();
  for (const row of rows) if (row.setting.flag) program.addOption(toOption(row));
  program
    .command("run")
    .description("serve; what it does without a command")
    .action(() => ask({ name: "run" }));
  addStoreCommands(program, ask);
  const config = program
    .command("config")
    .description("look at the configuration that a start would take: check or show")
    .action(() => refuseUnknown(config));
  config
    .command("check")
    .description("say what is wrong with it")
    .action(() => ask({ name: "config check" }));
  config
    .command("show")
    .description("print every value and where it comes from")
    .action(() => ask({ name: "config show" }));
  // Last, for commands inherit it: their own surplus arguments are refused.
  config.allowExcessArguments();
  program.allowExcessArguments().action(() => refuseUnknown(program));
  return program;
}

const whileStopped = `
The daemon must not be running. Run this as its user, with the same --data or --config (rosterd --help).`;

/** What is done to a data directory that no daemon runs on. */
function addStoreCommands(program: Command, ask: Ask): void {
  program
    .command("verify")
    .description("look for damage and for history that was changed or cut off")
    .option("--tip <seq:hash>", "must lie on the chain: from audit.tip or a backup, kept elsewhere", tip)
    .option("--accept-edit", "take over users.json as it was edited by hand, if it is right")
    .addHelpText("after", whileStopped)
    .action((given) =>
      ask({ name: "verify", tip: given.tip ?? null, acceptEdit: given.acceptEdit ?? false }),
    );
  program
    .command("backup")
    .description("write everything into one tar file")
    .argument("<file>", "which must not exist yet")
    .addHelpText("after", whileStopped)
    .action((file) => ask({ name: "backup", file: resolve(file) }));
  program
    .command("restore")
    .description("put a backup in the place of the data, which is kept aside")
    .argument("<file>", "what rosterd backup or system.backup wrote")
    .option("--keep-keys", "revoke no keys where it is not known which were revoked since the backup")
    .addHelpText("after", whileStopped)
    .action((file, given) =>
      ask({ name: "restore", file: resolve(file), keepKeys: given.keepKeys ?? false }),
    );
  program
    .command("recover-admin")
    .description("make an account an administrator that can sign in, and print a new password for it")
    .argument("<username>", "the account")
    .option("--create", "make the account if there is none of this name")
    .addHelpText("after", whileStopped)
    .action((name, given) =>
      ask({ name: "recover-admin", username: username(name), create: given.create ?? false }),
    );
}

const TIP = /^([0-9]{1,15}):([0-9a-f]{64})(?::([0-9A-Za-z-]{1,64}))?$/;

function tip(text: string): KeptTip {
  const [, seq, hash, epoch = null] = TIP.exec(text) ?? [];
  if (seq === undefined || hash === undefined) {
    throw new InvalidArgumentError("Write SEQ:HASH or SEQ:HASH:EPOCH, as audit.tip tells them.");
  }
  return { seq: Number(seq), hash, epoch };
}

function username(text: string): string {
  const { data, error } = Username.safeParse(text);
  if (data !== undefined) return data;
  throw new UsageError(`the user name ${JSON.stringify(text)} ${error.issues[0]?.message}`);
}

/** Without an argument the program runs; `config` needs one. */
function refuseUnknown({ args: [name], commands, parent }: Command): void {
  if (name === undefined && parent === null) return;
  const names = commands.map((command) => command.name());
  const meant = name === undefined ? undefined : nearest(name, names);
  const wayOut = meant ? `did you mean "${meant}"?` : `there are ${names.join(", ")}`;
  throw new UsageError(
    `${name === undefined ? "which command" : `no command "${name}"`}: ${wayOut} (see rosterd --help)`,
  );
}

function toOption({ flag, variable, setting }: Row): Option {
  const { kind, help, defaultText } = setting;
  const fallback = defaultText ?? kind.toml(setting.default).replaceAll('"', "").replace("[]", "none");
  const described = `${help} (env: ${variable}; default: ${fallback})`;
  return new Option(kind.placeholder ? `${flag} <${kind.placeholder}>` : flag, described);
}

function parse(program: Command, argv: readonly string[]): void {
  let printed = "";
  const output = {
    writeOut: (text: string) => {
      printed += text;
    },
    writeErr: () => {},
  };
  for (const command of withChildren(program)) command.configureOutput(output).exitOverride();
  try {
    program.parse(argv, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) throw new Information(printed.trimEnd());
    const message = error.message.replace(/^error: /, "").replaceAll("\n", " ");
    throw new UsageError(`${message} (see rosterd --help)`);
  }
}

function withChildren(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withChildren)];
}
