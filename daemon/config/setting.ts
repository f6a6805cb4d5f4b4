import type { Kind } from "./kinds.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** What a default may depend on. */
export interface Surroundings {
  environment: Environment;
  /** The data directory. */
  data: string;
}

/** One thing that can be configured: its flag, variable, TOML key, check, default and help follow from this. */
export interface Setting<Value> {
  kind: Kind<Value>;
  default: Value | ((around: Surroundings) => Value);
  /** The default in words, where its value depends on the machine. */
  defaultText?: string;
  /** What a sample file shows instead of the default, as TOML writes it. */
  sample?: string;
  help: string;
  /** Whether a flag sets it too; absent: only the file and the environment do. */
  flag?: true;
  /** Whether SIGHUP takes a new value over; absent: it needs a restart. */
  reloads?: true;
  /** The service manager's variable for it, which goes before `ROSTER_…`: directories by colons, ours is the first. */
  systemd?: string;
}

/** The configuration that a table describes. */
export type Values<T> = {
  [Key in keyof T]: T[Key] extends Setting<infer Value> ? Value : Values<T[Key]>;
};

export function setting<Value>(described: Setting<Value>): Setting<Value> {
  return described;
}

/** A setting with its place in the table. */
export interface Row {
  path: readonly string[];
  /** As TOML writes it from the top: `limits.frameBytes`. */
  key: string;
  /** Such as `--tls-cert`. */
  flag: string;
  /** Such as `ROSTER_TLS_CERT`. */
  variable: string;
  setting: Setting<unknown>;
}

export function rowsOf(table: object, above: readonly string[] = []): Row[] {
  return Object.entries(table).flatMap(([name, inner]) => {
    const path = [...above, name];
    return isSetting(inner) ? [toRow(path, inner)] : rowsOf(inner, path);
  });
}

/** The table with each setting replaced by what `read` says. */
export function fill<T extends object>(table: T, read: (key: string) => unknown): Values<T> {
  const filled = (inner: object, above: readonly string[]): object =>
    Object.fromEntries(
      Object.entries(inner).map(([name, value]) => {
        const path = [...above, name];
        return [name, isSetting(value) ? read(path.join(".")) : filled(value, path)];
      }),
    );
  return filled(table, []) as Values<T>;
}

function isSetting(value: object): value is Setting<unknown> {
  return "kind" in value;
}

function toRow(path: readonly string[], setting: Setting<unknown>): Row {
  const words = path.flatMap((name) => name.split(/(?=[A-Z])/));
  return {
    path,
    key: path.join("."),
    flag: `--${words.join("-").toLowerCase()}`,
    variable: `ROSTER_${words.join("_").toUpperCase()}`,
    setting,
  };
}
