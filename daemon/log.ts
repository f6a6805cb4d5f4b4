import { type Logger, pino } from "pino";
import { prettyFactory } from "pino-pretty";

export type { Logger } from "pino";

const secrets = ["password", "currentPassword", "newPassword", "generatedPassword", "secret", "token", "key"];

/** What must never be in a log, wherever an object brings it along. */
const redactedPaths = [...secrets, "authorization"].flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

export const logLevels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

/** Writes one JSON object a line to `output`; for people's eyes when that is a terminal. */
export function createLog(level: LogLevel, output: NodeJS.WriteStream): Logger {
  const options = {
    name: "rosterd",
    level,
    redact: { paths: redactedPaths, censor: "[redacted]" },
    formatters: { level: (label: string) => ({ level: label }) },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
  };
  return pino(options, output.isTTY ? prettyStream(output) : output);
}

function prettyStream(output: NodeJS.WriteStream): { write(line: string): void } {
  const prettify = prettyFactory({ colorize: true, ignore: "pid,hostname,name", singleLine: true });
  return { write: (line) => output.write(prettify(line)) };
}
