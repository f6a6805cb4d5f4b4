import type { Command } from "commander";
import { bashScript } from "./completion-bash.ts";
import { fishScript } from "./completion-fish.ts";
import { offerOf } from "./completion-offer.ts";
import { zshScript } from "./completion-zsh.ts";

export const shells = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof shells)[number];

/** Prints a script that completes this program's commands, flags and methods. It asks no daemon. */
export function completion(shell: Shell, program: Command): number {
  const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript };
  process.stdout.write(scripts[shell](offerOf(program)));
  return 0;
}
