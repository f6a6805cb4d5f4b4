import { invalidParams } from "../../protocol/index.ts";

const MOST_DEPTH = 30;

/** Throws -32602 for settings that are deeper than 30 levels or, as JSON, larger than `mostBytes`. */
export function assertSettingsFit(settings: unknown, mostBytes: number): void {
  if (isDeeperThan(settings, MOST_DEPTH)) throw refused(`must not be deeper than ${MOST_DEPTH} levels`);
  const bytes = Buffer.byteLength(JSON.stringify(settings));
  if (bytes > mostBytes) throw refused(`would take ${bytes} bytes; a user's settings may take ${mostBytes}`);
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(inner, levels - 1));
}

function refused(message: string): Error {
  return invalidParams([{ path: ["settings"], code: "tooLarge", message }]);
}
