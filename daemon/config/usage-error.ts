/** Wrong usage or configuration: one line for standard error, exit status 2. */
export class UsageError extends Error {
  override name = "UsageError";
}
