#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { Argument, Command, CommanderError, Option } from "commander";
import { importModes, nearest } from "../protocol/index.ts";
import { call } from "./commands/call.ts";
import { completion, shells } from "./commands/completion.ts";
import type { Destination } from "./commands/connection.ts";
import { describeMethod } from "./commands/describe.ts";
import { findKey } from "./commands/key.ts";
import { methods } from "./commands/methods.ts";
import { openTui } from "./commands/open-tui.ts";
import { say } from "./commands/output.ts";
import { start } from "./commands/start.ts";
import { watch } from "./commands/watch.ts";
import { Failure, misuse } from "./failure.ts";
import { findTarget } from "./target.ts";
import { exportFormats, importFormats } from "./transfer/formats.ts";

interface Flags {
  url?: string;
  socket?: string;
  keyFile?: string;
}

const notes = `
Without a command: the terminal UI. There ? names every key, and : goes anywhere by name.
Without --url and --socket: $ROSTER_SOCKET, else your own daemon's socket, else /run/roster/rosterd.sock.
The key is never an argument: it comes from --key-file (mode 0600) or $ROSTER_KEY. A socket needs none.

Examples:
  roster call users.list '{"filter":{"active":true}}'
  echo '{"username":"ann"}' | roster call users.create -
  roster watch users keys
  roster describe keys.rotate
  roster export --format csv > users.csv
  roster --url wss://directory.example --key-file key.txt

Exit status: 0 well, 1 failed or refused, 2 wrong usage.`;

function createProgram(finish: (status: number) => void): Command {
  const program = new Command("roster")
    .description("The Roster directory: terminal UI, and commands for scripts.")
    .version(version(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .option("--url <address>", "the daemon at ws://HOST:PORT or wss://HOST:PORT")
    .option("--socket <path>", "the daemon at this Unix socket")
    .option("--key-file <file>", "the API key to speak for")
    .addHelpText("after", notes)
    .exitOverride()
    .configureOutput({ outputError: () => {} });

  const destination = (): Destination => {
    const { keyFile, ...flags } = program.opts<Flags>();
    return { target: findTarget(flags), key: findKey(keyFile), keyNamed: keyFile !== undefined };
  };
  program
    .command("call <method> [params]")
    .description(
      "call a method with a JSON object (- reads it from standard input), print the result as JSON",
    )
    .action(async (method, params) => finish(await call(method, params, destination())));
  program
    .command("watch [topics...]")
    .description("print changes as JSON lines as they happen, until interrupted")
    .action(async (topics) => finish(await watch(topics, destination())));
  program
    .command("methods")
    .description("print the methods that the daemon has")
    .action(async () => finish(await methods(destination())));
  program
    .command("describe <method>")
    .description("print what a method takes, answers and refuses, with an example")
    .option("--json", "print its part of the OpenRPC document instead")
    .action(async (method, options) => finish(await describeMethod(method, options, destination())));
  program
    .command("completion")
    .addArgument(new Argument("<shell>").choices(shells))
    .description("print a script that completes commands, flags and methods in a shell")
    .action((shell) => finish(completion(shell, program)));
  program
    .command("import <file>")
    .description("create or change the users in a file; prints the names of those who want a password")
    .addOption(new Option("--format <format>", "what the file is; else guessed").choices(importFormats))
    .addOption(
      new Option("--mode <mode>", "upsert changes the users that there are")
        .choices(importModes)
        .default("create"),
    )
    .option("--dry-run", "change nothing, say what would be")
    .option("--partial", "import the good rows though others fail")
    .option("--mapping <file>", "the roles for the groups of another system, as JSON")
    .action(async (file, flags) => {
      // The formats of files take their time to load, which no other command should wait for.
      const { importUsers } = await import("./commands/import.ts");
      finish(await importUsers(file, flags, destination()));
    });
  program
    .command("export")
    .description("print all users, without passwords")
    .addOption(new Option("--format <format>", "how to print them").choices(exportFormats).default("json"))
    .action(async ({ format }) => {
      const { exportUsers } = await import("./commands/export.ts");
      finish(await exportUsers(format, destination()));
    });
  program
    .command("start")
    .description("the terminal UI, with a daemon of its own where none answers (npm start)")
    .action(async () => {
      refuseFlags(program.opts<Flags>());
      finish(await start(findKey(undefined), openTui));
    });
  // Last, for commands inherit it: their own surplus arguments are refused, the program's may be a mistyped command.
  program.allowExcessArguments().action(async () => {
    refuseUnknown(program);
    finish(await openTui(destination()));
  });
  return program;
}

/** `start` has a daemon of its own, on a socket that takes whoever starts it for the operator. */
function refuseFlags({ url, socket, keyFile }: Flags): void {
  const flags = { "--url": url, "--socket": socket, "--key-file": keyFile };
  const given = Object.entries(flags).find(([, value]) => value !== undefined);
  if (given)
    throw misuse(`start opens your own daemon, as its operator: leave ${given[0]} out, or leave start out`);
}

function refuseUnknown({ args: [name], commands }: Command): void {
  if (name === undefined) return;
  const names = commands.map((command) => command.name());
  const meant = nearest(name, names);
  const suggestion = meant ? `did you mean "${meant}"?` : `there are ${names.join(", ")}`;
  throw misuse(`no command "${name}": ${suggestion} (see roster --help)`);
}

function version(): string {
  return JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")).version;
}

/** The one place that tells errors to people: one line each. */
function fail(error: unknown): number {
  if (error instanceof CommanderError) {
    if (error.exitCode !== 0) say(`${error.message.replace(/^error: /, "")} (see roster --help)`);
    return error.exitCode === 0 ? 0 : 2;
  }
  say(error instanceof Error ? error.message : String(error));
  return error instanceof Failure ? error.status : 1;
}

/** Whoever reads our output has heard enough, as in `roster watch | head -1`. */
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

const finish = (status: number) => {
  process.exitCode = status;
};
await createProgram(finish)
  .parseAsync()
  .catch((error: unknown) => finish(fail(error)));
