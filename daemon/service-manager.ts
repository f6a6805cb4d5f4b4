import { fstatSync } from "node:fs";

/** What systemd hands down to a service. It is no configuration: nobody writes it by hand. */
type Environment = Readonly<Record<string, string | undefined>>;

const STANDARD_OUTPUT = 1;

/** Whether standard output goes to the journal, and was not redirected since: systemd.exec(5), `$JOURNAL_STREAM`. */
export function writesToJournal({ JOURNAL_STREAM }: Environment): boolean {
  if (!JOURNAL_STREAM) return false;
  const { dev, ino } = fstatSync(STANDARD_OUTPUT);
  return JOURNAL_STREAM === `${dev}:${ino}`;
}
