import { fileURLToPath } from "node:url";
import { type Ended, Program, type ProgramOptions } from "./program.ts";

const program = fileURLToPath(new URL("../../dist/tui/main.js", import.meta.url));

/** Starts `roster` without a terminal, and without the environment of who runs the tests. */
export function startRoster(args: readonly string[], options: ProgramOptions = {}): Program {
  const env = { PATH: process.env.PATH ?? "", HOME: "/nonexistent", ...options.env };
  return new Program(process.execPath, [program, ...args], { ...options, env });
}

/** Runs `roster` to its end. */
export function roster(args: readonly string[], options?: ProgramOptions): Promise<Ended> {
  return startRoster(args, options).ended;
}

/** The result of a call over the socket. */
export async function rosterCall<T>(socket: string, method: string, params: object = {}): Promise<T> {
  const { status, stdout, stderr } = await roster([
    "--socket",
    socket,
    "call",
    method,
    JSON.stringify(params),
  ]);
  if (status !== 0) throw new Error(`roster call ${method} ended with ${status}: ${stderr}`);
  return JSON.parse(stdout);
}
