import { type Logger, pino } from "pino";
import { prettyFactory } from "pino-pretty";

export type { Logger } from "pino";

const secrets = ["password", "currentPassword", "newPassword", "generatedPassword", "secret", "token", "key"];

/** What must never be in a log, wherever an object brings it along. */
const redactedPaths = [...secrets, "authorization"].flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

export const logLevels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

/** Priorities of syslog(3). */
const priorities: Record<string, number> = { fatal: 2, error: 3, warn: 4, info: 6, debug: 7, trace: 7 };

/**
 * Writes one JSON object a line to `output`; for people's eyes when that is a terminal. With `journal` each line
 * begins with its priority as `<N>`, which systemd's journal takes off and keeps: `journalctl -p err`.
 */
export function createLog(level: LogLevel, output: NodeJS.WriteStream, { journal = false } = {}): Logger {
  const options = {
    name: "rosterd",
    level,
    redact: { paths: redactedPaths, censor: "[redacted]" },
    formatters: { level: (label: string) => ({ level: label }) },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
  };
  if (output.isTTY) return pino(options, prettyStream(output));
  return pino(options, journal ? journalStream(output) : output);
}

function journalStream(output: NodeJS.WriteStream): { write(line: string): void } {
  return {
    write(line) {
      const [, level = "info"] = /^\{"level":"(\w+)"/.exec(line) ?? [];
      output.write(`<${priorities[level]}>${line}`);
    },
  };
}

function prettyStream(output: NodeJS.WriteStream): { write(line: string): void } {
  const prettify = prettyFactory({ colorize: true, ignore: "pid,hostname,name", singleLine: true });
  return { write: (line) => output.write(prettify(line).replace(steering, visible)) };
}

/** What a terminal obeys, pino-pretty's own colours and ends of lines included. */
const steering = /\x1b\[\d+m|[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

/** A header or a name that a stranger sent does not steer the operator's terminal. */
function visible(found: string): string {
  return found === "\n" || found.endsWith("m")
    ? found
    : `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
