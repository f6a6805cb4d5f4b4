import { type Flag, type Offer, takingNames, type Values } from "./completion-offer.ts";

/** The line is split by blanks here, for bash splits it at colons too, and an address has some. */
export function bashScript({ flags, commands }: Offer): string {
  const words = [...commands.map(({ name }) => name), ...flags.map(({ name }) => name)];
  return `# roster completion for bash: source <(roster completion bash)
_roster() {
  local current="\${COMP_WORDS[COMP_CWORD]}" command="" words="" files="" typed last i
  COMPREPLY=()
  read -ra typed <<< "\${COMP_LINE:0:COMP_POINT}"
  last=$((\${#typed[@]} - 1))
  case "\${COMP_LINE:0:COMP_POINT}" in *[[:blank:]]) last=$((last + 1)) ;; esac
  for ((i = 1; i < last; i++)); do
    case "\${typed[i]}" in
      ${takingNames(flags).join("|")}) ((i++)) ;;
      -*) ;;
      *) command="\${typed[i]}"; break ;;
    esac
  done
  case "$command \${typed[last-1]}" in
${flags.flatMap((flag) => valueCase("*", flag)).join("\n")}
${commands.flatMap(({ name, flags }) => flags.flatMap((flag) => valueCase(name, flag))).join("\n")}
    " "*) words="${words.join(" ")}" ;;
${commands
  .map(({ name, flags, takes }) => {
    const all = { ...takes, words: [...flags.map(({ name }) => name), ...takes.words] };
    return `    "${name} "*) ${offered(all)} ;;`;
  })
  .join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  if [ -n "$files" ]; then
    local IFS=$'\n'
    COMPREPLY+=($(compgen -f -- "$current"))
    compopt -o filenames
  fi
}
complete -F _roster roster
`;
}

function valueCase(command: string, { name, takes }: Flag): string[] {
  if (!takes) return [];
  return [`    ${command === "*" ? `*" ${name}"` : `"${command} ${name}"`}) ${offered(takes)} ;;`];
}

function offered({ words, files }: Values): string {
  return `words="${words.join(" ")}"${files ? " files=1" : ""}`;
}
