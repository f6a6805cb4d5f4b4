import type { Argument, Command, Option } from "commander";
import { methodNames, topicNames } from "../../protocol/index.ts";

/** What can stand at a place of the command line: fixed words, or a file's name. */
export interface Values {
  words: readonly string[];
  files: boolean;
}

export interface Flag {
  name: string;
  help: string;
  /** What its value can be; null where it takes none. */
  takes: Values | null;
}

export interface CommandOffer {
  name: string;
  help: string;
  flags: Flag[];
  takes: Values;
}

/** What a program's command line can hold: its flags and commands, and each command's flags and arguments. */
export interface Offer {
  flags: Flag[];
  commands: CommandOffer[];
}

export function offerOf(program: Command): Offer {
  return { flags: flagsOf(program), commands: program.commands.map(commandOffer) };
}

function commandOffer(command: Command): CommandOffer {
  const places = command.registeredArguments;
  return {
    name: command.name(),
    help: command.description(),
    flags: flagsOf(command),
    takes: { words: places.flatMap(wordsOf), files: places.some((place) => place.name() === "file") },
  };
}

function wordsOf(argument: Argument): readonly string[] {
  const known: Record<string, readonly string[]> = { method: methodNames, topics: topicNames };
  return argument.argChoices ?? known[argument.name()] ?? [];
}

function flagsOf(command: Command): Flag[] {
  const flags = command.options.flatMap((option) =>
    [option.long, option.short]
      .filter((name) => name != null)
      .map((name) => ({ name, help: option.description, takes: valuesOf(option) })),
  );
  return [...flags, { name: "--help", help: "print this help", takes: null }];
}

function valuesOf({ required, argChoices = [], flags }: Option): Values | null {
  return required ? { words: argChoices, files: /<(file|path)>/.test(flags) } : null;
}

/** The names of the flags that take a value. */
export function takingNames(flags: readonly Flag[]): string[] {
  return flags.filter(({ takes }) => takes).map(({ name }) => name);
}

/** For a shell, in single quotes. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
