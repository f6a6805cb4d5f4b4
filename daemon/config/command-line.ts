import { Command, CommanderError, Option } from "commander";
import { nearest } from "../../protocol/index.ts";
import { rows, type Source } from "./resolve.ts";
import type { Row } from "./setting.ts";
import { UsageError } from "./usage-error.ts";

/** What the caller asked for instead of a daemon: the help or the version. */
export class Information extends Error {
  override name = "Information";
}

export type CommandName = "run" | "config check" | "config show";

export interface CommandLine {
  command: CommandName;
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
  let command: CommandName = "run";
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

function createProgram(version: string, ask: (command: CommandName) => void): Command {
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
    .action(() => ask("run"));
  const config = program
    .command("config")
    .description("look at the configuration that a start would take: check or show")
    .action(() => refuseUnknown(config));
  config
    .command("check")
    .description("say what is wrong with it")
    .action(() => ask("config check"));
  config
    .command("show")
    .description("print every value and where it comes from")
    .action(() => ask("config show"));
  // Last, for commands inherit it: their own surplus arguments are refused.
  config.allowExcessArguments();
  program.allowExcessArguments().action(() => refuseUnknown(program));
  return program;
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
