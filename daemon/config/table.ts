import { homedir } from "node:os";
import { join } from "node:path";
import { defaultSessionLengths } from "../directory/lifetime.ts";
import { defaultScryptCost, owaspCosts } from "../directory/password-hashing.ts";
import { defaultMinLength } from "../directory/password-policy.ts";
import { defaultPresenceStatuses } from "../directory/presence.ts";
import { defaultRetention } from "../directory/retention.ts";
import { limitSettings } from "../limits.ts";
import { type LogLevel, logLevels } from "../log.ts";
import { address, hostName, network, origin } from "./address-kinds.ts";
import { duration } from "./duration.ts";
import {
  choice,
  jsonTable,
  type Kind,
  listOf,
  orOff,
  path,
  someOf,
  username,
  wholeNumber,
  words,
  yesOrNo,
} from "./kinds.ts";
import { scryptCost } from "./scrypt-cost.ts";
import { type Surroundings, setting } from "./setting.ts";

const none: readonly string[] = [];

/** All that can be configured, by TOML key. */
export const table = {
  data: setting({
    kind: path,
    default: stateDirectory,
    defaultText: "$XDG_STATE_HOME/roster, which is ~/.local/state/roster",
    sample: '"/var/lib/roster"',
    help: "where the directory is kept; systemd's $STATE_DIRECTORY goes before the variable",
    flag: true,
    systemd: "STATE_DIRECTORY",
  }),
  listen: setting({
    kind: orOff(address),
    default: { host: "127.0.0.1", port: 7420 },
    help: "TCP address; port 0 picks a free one",
    flag: true,
  }),
  socket: setting({
    kind: orOff(path),
    default: ({ environment, data }) => join(firstOf(environment.RUNTIME_DIRECTORY) ?? data, "rosterd.sock"),
    defaultText: "rosterd.sock in $RUNTIME_DIRECTORY, else in the data directory",
    sample: '"/run/roster/rosterd.sock"',
    help: "Unix socket of mode 0660",
    flag: true,
  }),
  socketAuth: setting<"operator" | "login">({
    kind: choice(["operator", "login"]),
    default: "operator",
    help: "who opens the Unix socket: the operator, or nobody until a login as over TCP",
    flag: true,
  }),
  insecureTcp: setting({
    kind: yesOrNo,
    default: false,
    help: "listen without TLS on an address that is not loopback",
    flag: true,
  }),
  allowedHosts: setting({
    kind: listOf(hostName),
    default: none,
    help: "further names that clients may call this daemon by",
    flag: true,
    reloads: true,
  }),
  allowedOrigins: setting({
    kind: listOf(origin),
    default: none,
    help: "web origins whose pages may connect",
    flag: true,
    reloads: true,
  }),
  trustedProxies: setting({
    kind: listOf(network),
    default: none,
    help: "proxies whose X-Forwarded-For says where a client is",
    flag: true,
    reloads: true,
  }),
  logLevel: setting<LogLevel>({
    kind: choice(logLevels, "level"),
    default: "info",
    help: "least important level to log, from trace to fatal, or silent",
    flag: true,
    reloads: true,
  }),
  tls: {
    cert: setting({
      kind: optional(path),
      default: null,
      defaultText: "none",
      sample: '"/etc/roster/tls.crt"',
      help: "certificate of the TCP listener and its chain (PEM); with it the address is wss://",
      flag: true,
      reloads: true,
    }),
    key: setting({
      kind: optional(path),
      default: null,
      defaultText: "none",
      sample: '"/etc/roster/tls.key"',
      help: "its private key (PEM)",
      flag: true,
      reloads: true,
    }),
  },
  password: {
    minLength: setting({
      kind: wholeNumber(8, 64),
      default: defaultMinLength,
      help: "fewest characters of a password",
    }),
    scrypt: setting({
      kind: scryptCost(owaspCosts),
      default: defaultScryptCost,
      help: "scrypt's cost N/r/p; older hashes are renewed at the next good login",
    }),
  },
  session: {
    idle: setting({
      kind: duration("1m", "365d"),
      default: defaultSessionLengths.idle,
      help: "a session ends this long after its last use; for sessions that begin from then on",
      reloads: true,
    }),
    absolute: setting({
      kind: duration("1m", "365d"),
      default: defaultSessionLengths.absolute,
      help: "a session ends this long after its login, however busy",
      reloads: true,
    }),
  },
  presence: {
    statuses: setting({
      kind: someOf(words(64)),
      default: defaultPresenceStatuses,
      help: "what people can say of themselves on the presence board; the first is a cleared entry's",
      reloads: true,
    }),
  },
  retention: {
    deletedUsers: setting({
      kind: duration("1h", "3650d"),
      default: defaultRetention.deletedUsers,
      help: "a deleted user is purged after this long",
      reloads: true,
    }),
    endedKeys: setting({
      kind: duration("1h", "3650d"),
      default: defaultRetention.endedKeys,
      help: "a key that has ended is dropped after this long",
      reloads: true,
    }),
    audit: setting({
      kind: duration("1d", "3650d"),
      default: defaultRetention.audit,
      help: "an audit entry is kept this long; some longer, since they go many at a time",
      reloads: true,
    }),
    auditBytes: setting({
      kind: wholeNumber(1024 ** 2, 1024 ** 4),
      default: defaultRetention.auditBytes,
      help: "bytes that the audit may take; past them the oldest entries go",
      reloads: true,
    }),
  },
  settings: {
    defaults: setting({
      kind: jsonTable,
      default: { studio: {}, browse: {} },
      help: "the settings that a new user begins with, by application",
      reloads: true,
    }),
  },
  bootstrap: {
    username: setting({
      kind: optional(username),
      default: null,
      defaultText: "none",
      sample: '"ada"',
      help: "the first administrator, made at a start while the directory has no user, and ignored from then on",
    }),
    passwordFile: setting({
      kind: optional(path),
      default: null,
      defaultText: "none",
      sample: '"/run/credentials/rosterd.service/bootstrap-password"',
      help: "file that holds the first administrator's password, to be changed at the first login",
    }),
  },
  limits: limitSettings,
};

/** systemd passes several directories separated by colons; ours is the first. */
export function firstOf(directories: string | undefined): string | undefined {
  return directories?.split(":")[0] || undefined;
}

function stateDirectory({ environment }: Surroundings): string {
  return join(environment.XDG_STATE_HOME || join(homedir(), ".local", "state"), "roster");
}

function optional(kind: Kind<string>): Kind<string | null> {
  return { ...kind, toml: (value) => (value === null ? "none" : kind.toml(value)) };
}
