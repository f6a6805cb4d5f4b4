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

/** Another process holds the directory. */
export class InUseError extends StoreError {
  override name = "InUseError";
}

/** Damage that recovery may not repair by itself: it would lose what was acknowledged. */
export class DamageError extends StoreError {
  override name = "DamageError";
  readonly file: string;
  readonly line: number | null;
  readonly problem: string;

  constructor(file: string, line: number | null, problem: string, help: string) {
    const place = line === null ? file : `${file}, line ${line}`;
    super(`${place}: ${problem}. Nothing was changed. ${help}`);
    this.file = file;
    this.line = line;
    this.problem = problem;
  }
}

const HELP = "rosterd verify tells all that is wrong; rosterd restore FILE puts a backup in its place";

export function damaged(file: string, line: number | null, problem: string, help = HELP): DamageError {
  return new DamageError(file, line, problem, help);
}

/** Whether `error` is a system error of this code, such as `ENOENT`. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
