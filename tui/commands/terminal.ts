import { misuse } from "../failure.ts";

const LEAST_COLUMNS = 60;
const LEAST_ROWS = 15;

/** Whether a person sits at both ends: standard input and output are a terminal. */
export function isInteractive(): boolean {
  return process.stdin.isTTY === true && process.stdout.isTTY === true;
}

/** Ends the command with one line where the terminal UI cannot be drawn, naming what works there. */
export function requireTerminal(): void {
  const reason = whyUnfit();
  if (reason === null) return;
  throw misuse(
    `the terminal UI needs a terminal of at least ${LEAST_COLUMNS}x${LEAST_ROWS}, and ${reason}; ` +
      "these work without one: roster call METHOD [JSON], roster watch [TOPIC…] (see roster --help)",
  );
}

function whyUnfit(): string | null {
  if (!isInteractive()) return "this is not a terminal";
  if (process.env.TERM === "dumb") return "this one cannot move the cursor (TERM=dumb)";
  const { columns, rows } = process.stdout;
  // A terminal that does not know its size says 0x0.
  if (!columns || !rows) return null;
  return columns < LEAST_COLUMNS || rows < LEAST_ROWS ? `this one is ${columns}x${rows}` : null;
}
