import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The package's version; its package.json stands above the sources and the built files alike. */
export function readVersion(): string {
  return JSON.parse(readFileSync(packageFile(dirname(fileURLToPath(import.meta.url))), "utf8")).version;
}

function packageFile(directory: string): string {
  const file = join(directory, "package.json");
  return existsSync(file) ? file : packageFile(dirname(directory));
}
