import { type Flag, type Offer, quoted, takingNames, type Values } from "./completion-offer.ts";

export function zshScript({ flags, commands }: Offer): string {
  return `#compdef roster
# roster completion for zsh: roster completion zsh > a file _roster in $fpath
_roster() {
  local -a flags offered
  local command="" files="" i
  for ((i = 2; i < CURRENT; i++)); do
    case "$words[i]" in
      ${takingNames(flags).join("|")}) ((i++)) ;;
      -*) ;;
      *) command="$words[i]"; break ;;
    esac
  done
  case "$command $words[CURRENT-1]" in
${flags.flatMap((flag) => valueCase("*", flag)).join("\n")}
${commands.flatMap(({ name, flags }) => flags.flatMap((flag) => valueCase(name, flag))).join("\n")}
    " "*) flags=(${described(flags)}) offered=(${described(commands)}) ;;
${commands
  .map(({ name, flags, takes }) => `    "${name} "*) flags=(${described(flags)}) ${offered(takes)} ;;`)
  .join("\n")}
  esac
  if [[ "$PREFIX" == -* ]]; then
    _describe -o 'roster flag' flags
  else
    [ -z "$files" ] || _files
    _describe 'roster word' offered
  fi
}
if [ "$funcstack[1]" = "_roster" ]; then _roster "$@"; else compdef _roster roster; fi
`;
}

function valueCase(command: string, { name, takes }: Flag): string[] {
  if (!takes) return [];
  return [`    ${command === "*" ? `*" ${name}"` : `"${command} ${name}"`}) ${offered(takes)} ;;`];
}

function offered({ words, files }: Values): string {
  return `offered=(${words.map(quoted).join(" ")})${files ? " files=1" : ""}`;
}

function described(list: readonly { name: string; help: string }[]): string {
  return list.map(({ name, help }) => quoted(`${name}:${help}`)).join(" ");
}
