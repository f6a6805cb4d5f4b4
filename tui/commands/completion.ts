import type { Argument, Command, Option } from "commander";
import { methodNames, topicNames } from "../../protocol/index.ts";

export const shells = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof shells)[number];

/** One thing that can stand at a place of the command line. */
interface Word {
  word: string;
  help: string;
}

/** What a program offers: its flags and commands, and each command's flags and fixed arguments. */
interface Offer {
  flags: Word[];
  /** Flags that take the next word; of these, the ones that take a file. */
  taking: string[];
  takingFiles: string[];
  commands: (Word & { flags: Word[]; values: string[]; files: boolean })[];
}

/** Prints a script that completes this program's commands, flags and methods. It asks no daemon. */
export function completion(shell: Shell, program: Command): number {
  const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript };
  process.stdout.write(scripts[shell](offerOf(program)));
  return 0;
}

function offerOf(program: Command): Offer {
  return {
    flags: flagsOf(program),
    taking: program.options.filter(({ required }) => required).flatMap(namesOf),
    takingFiles: program.options.filter(({ flags }) => /<(file|path)>/.test(flags)).flatMap(namesOf),
    commands: program.commands.map((command) => ({
      word: command.name(),
      help: command.description(),
      flags: flagsOf(command),
      values: command.registeredArguments.flatMap(valuesOf),
      files: command.registeredArguments.some((argument: Argument) => argument.name() === "file"),
    })),
  };
}

function valuesOf(argument: Argument): readonly string[] {
  const known: Record<string, readonly string[]> = { method: methodNames, topics: topicNames };
  return argument.argChoices ?? known[argument.name()] ?? [];
}

function flagsOf(command: Command): Word[] {
  const flags = command.options.flatMap((option) =>
    namesOf(option).map((word) => ({ word, help: option.description })),
  );
  return [...flags, { word: "--help", help: "print this help" }];
}

function namesOf({ long, short }: Option): string[] {
  return [long, short].filter((name) => name != null);
}

const words = (list: readonly Word[]) => list.map(({ word }) => word).join(" ");

function bashScript({ flags, taking, takingFiles, commands }: Offer): string {
  const cases = commands.map(
    ({ word, flags, values, files }) =>
      `    ${word}) words="${[words(flags), ...values].join(" ")}"${files ? " files=1" : ""} ;;`,
  );
  return `# roster completion for bash: source <(roster completion bash)
_roster() {
  local current="\${COMP_WORDS[COMP_CWORD]}" command="" files="" words i
  COMPREPLY=()
  case "\${COMP_WORDS[COMP_CWORD-1]}" in
    ${takingFiles.join("|")}) COMPREPLY=($(compgen -f -- "$current")); return ;;
    ${taking.join("|")}) return ;;
  esac
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "\${COMP_WORDS[i]}" in
      ${taking.join("|")}) ((i++)) ;;
      -*) ;;
      *) command="\${COMP_WORDS[i]}"; break ;;
    esac
  done
  case "$command" in
    "") words="${words(commands)} ${words(flags)}" ;;
${cases.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  [ -n "$files" ] && COMPREPLY+=($(compgen -f -- "$current"))
}
complete -F _roster roster
`;
}

function zshScript({ flags, commands }: Offer): string {
  const described = (list: readonly Word[]) =>
    list.map(({ word, help }) => quoted(`${word.replaceAll(":", "\\:")}:${help}`)).join(" ");
  const cases = commands.map(
    ({ word, flags, values, files }) =>
      `    ${word}) offered=(${described(flags)} ${values.map(quoted).join(" ")})${files ? "; _files" : ""} ;;`,
  );
  return `#compdef roster
# roster completion for zsh: roster completion zsh > a file _roster in $fpath
_roster() {
  local -a offered
  local command="" word
  for word in \${words[2,CURRENT-1]}; do
    case "$word" in
${commands.map(({ word }) => `      ${word}) command="$word"; break ;;`).join("\n")}
    esac
  done
  case "$command" in
    "") offered=(${described(commands)} ${described(flags)}) ;;
${cases.join("\n")}
  esac
  _describe roster offered
}
if [ "$funcstack[1]" = "_roster" ]; then _roster "$@"; else compdef _roster roster; fi
`;
}

function fishScript({ flags, taking, commands }: Offer): string {
  const flagLine = ({ word, help }: Word, condition = "") => {
    const kind = word.startsWith("--") ? `-l ${word.slice(2)}` : `-s ${word.slice(1)}`;
    const value = taking.includes(word) ? " -r" : "";
    return `complete -c roster${condition} ${kind}${value} -d ${quoted(help)}`;
  };
  const lines = commands.flatMap(({ word, help, flags, values, files }) => {
    const after = ` -n '__fish_seen_subcommand_from ${word}'`;
    return [
      `complete -c roster -n __fish_use_subcommand -f -a ${word} -d ${quoted(help)}`,
      ...(values.length > 0 ? [`complete -c roster${after} -f -a ${quoted(values.join(" "))}`] : []),
      ...(files ? [`complete -c roster${after} -F`] : []),
      ...flags.filter(({ word }) => word !== "--help").map((flag) => flagLine(flag, after)),
    ];
  });
  return [
    "# roster completion for fish: roster completion fish | source",
    ...flags.map((flag) => flagLine(flag)),
    ...lines,
    "",
  ].join("\n");
}

/** For a shell, in single quotes. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
