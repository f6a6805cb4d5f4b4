import type { Config } from "../config.ts";
import { rows } from "./resolve.ts";
import type { Row } from "./setting.ts";

/** What a configuration that was read again came to, by TOML key. */
export interface TakenOver {
  changed: string[];
  /** Said otherwise now than when the daemon started, and not taken over before it starts again. */
  needRestart: string[];
}

/**
 * Writes into `current` what `renewed` says of the settings that a running daemon takes over. Lists and tables are
 * changed in place: parts of the daemon hold them, and look into them at each use.
 */
export function takeOver(current: Config, renewed: Config): TakenOver {
  const differing = rows.filter((row) => written(row, current) !== written(row, renewed));
  const taken = differing.filter((row) => row.setting.reloads && !isSwitch(row, current, renewed));
  for (const row of taken) assign(row, current, renewed);
  const needRestart = differing.filter((row) => !taken.includes(row));
  return { changed: taken.map(({ key }) => key), needRestart: needRestart.map(({ key }) => key) };
}

function written(row: Row, config: Config): string {
  return row.setting.kind.toml(settingIn(row, config));
}

function settingIn({ path }: Row, config: Config): unknown {
  return path.reduce((inner: unknown, name) => (inner as Record<string, unknown>)[name], config);
}

/** Something turned on or off and not only changed, as TLS by naming a certificate. */
function isSwitch(row: Row, current: Config, renewed: Config): boolean {
  return (settingIn(row, current) === null) !== (settingIn(row, renewed) === null);
}

function assign(row: Row, current: Config, renewed: Config): void {
  const [before, value] = [settingIn(row, current), settingIn(row, renewed)];
  if (Array.isArray(before) && Array.isArray(value)) {
    before.splice(0, before.length, ...value);
  } else if (typeof before === "object" && before !== null) {
    for (const name of Object.keys(before)) delete (before as Record<string, unknown>)[name];
    Object.assign(before, value);
  } else {
    const above = { ...row, path: row.path.slice(0, -1) };
    Object.assign(settingIn(above, current) as object, { [row.path.at(-1) ?? ""]: value });
  }
}
