/**
 * Why a data directory cannot be opened: one line for the operator that names the file, what is wrong with it and the
 * way out.
 */
export class StoreError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "StoreError";
  }
}

/** Damage that recovery may not repair by itself: it would lose what was acknowledged. */
export function damaged(file: string, line: number | null, problem: string): StoreError {
  const place = line === null ? file : `${file}, line ${line}`;
  return new StoreError(
    `${place}: ${problem}. Nothing was changed. Put a good copy of the data directory in its place`,
  );
}

/** Whether `error` is a system error of this code, such as `ENOENT`. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
