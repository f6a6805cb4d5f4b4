import { type Flag, type Offer, quoted, takingNames, type Values } from "./completion-offer.ts";

export function fishScript({ flags, commands }: Offer): string {
  return [
    `# roster completion for fish: roster completion fish | source
function __roster_command
    set -l words (commandline -opc)
    set -l skip 0
    for word in $words[2..]
        if test $skip = 1
            set skip 0
            continue
        end
        switch $word
            case ${takingNames(flags).join(" ")}
                set skip 1
            case '-*'
            case '*'
                echo $word
                return
        end
    end
end
function __roster_in
    set -l command (__roster_command)
    test "$command" = "$argv"
end
complete -c roster -f`,
    ...flags.map((flag) => flagLine(flag)),
    ...commands.map(({ name, help }) => `${after("")} -a ${name} -d ${quoted(help)}`),
    ...commands.flatMap(({ name, flags, takes }) => [
      `${after(name)}${offered(takes)}`,
      ...flags.filter(({ name }) => name !== "--help").map((flag) => flagLine(flag, after(name))),
    ]),
    "",
  ].join("\n");
}

function after(command: string): string {
  return `complete -c roster -n '__roster_in ${command}'`;
}

function flagLine({ name, help, takes }: Flag, start = "complete -c roster"): string {
  const spelt = name.startsWith("--") ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`;
  return `${start} ${spelt}${takes ? ` -r${offered(takes)}` : ""} -d ${quoted(help)}`;
}

function offered({ words, files }: Values): string {
  return (files ? " -F" : " -f") + (words.length > 0 ? ` -a ${quoted(words.join(" "))}` : "");
}
