/** Why the daemon cannot start: one line for the operator that names the thing and the way out. */
export class StartError extends Error {
  override name = "StartError";
}
