import type { MethodName, Params, Result } from "../methods.ts";

/**
 * Who asks: Ada's session (an administrator, who has just signed in), Bert's (a designer), the key of the service
 * account `octoprint`, or somebody who has not authenticated.
 */
export type ExampleCaller = "ada" | "bert" | "octoprint's key" | "a stranger";

/** One call and its answer, in the directory that `directory.ts` describes. A test executes every one. */
export interface Example<M extends MethodName> {
  name: string;
  /** Absent: Ada. */
  by?: ExampleCaller;
  params: Params<M>;
  result: Result<M>;
}

/** At least one example for each of these methods. */
export type ExamplesOf<M extends MethodName> = { [N in M]: readonly [Example<N>, ...Example<N>[]] };
