/** What ends a command with one line for people: status 1 it failed, 2 it was used wrongly. */
export class Failure extends Error {
  readonly status: 1 | 2;

  constructor(message: string, status: 1 | 2 = 1) {
    super(message);
    this.name = "Failure";
    this.status = status;
  }
}

/** A mistake in the command line, a file or a variable: the message says what to write instead. */
export function misuse(message: string): Failure {
  return new Failure(message, 2);
}
