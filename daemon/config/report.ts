import type { Invocation } from "../config.ts";
import { readTls } from "../tls.ts";

/** One line that the configuration is good at `now`, milliseconds since the epoch. Throws `UsageError`. */
export function checkConfig({ config, file }: Invocation, now: number): string {
  const { cert, key } = config.tls;
  if (cert !== null && key !== null) readTls({ cert, key }, now);
  return `The configuration is good: ${file ?? "there is no configuration file"}\n`;
}

/** Every value as TOML writes it, with where it comes from. */
export function showConfig({ resolved }: Invocation): string {
  const width = Math.max(...resolved.map(({ row }) => row.key.length));
  return resolved
    .map(({ row, value, origin }) => {
      const written = row.setting.kind.toml(value);
      return `${row.key.padEnd(width)} = ${written}  # ${origin}\n`;
    })
    .join("");
}
