import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { showConfig } from "../../../daemon/config/report.ts";
import { UsageError } from "../../../daemon/config/usage-error.ts";
import { readConfig } from "../../../daemon/config.ts";

const directory = mkdtempSync(join(tmpdir(), "roster-config-"));
afterAll(() => rmSync(directory, { recursive: true }));

function write(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

interface Sources {
  toml?: string;
  env?: Record<string, string>;
  argv?: string[];
}

function invoke({ toml, env = {}, argv = [] }: Sources) {
  const ROSTER_CONFIG = toml === undefined ? "" : write("rosterd.toml", toml);
  return readConfig(argv, "1.2.3", { ROSTER_CONFIG, ...env });
}
const read = (sources: Sources) => invoke(sources).config;
const toml = (text: string) => read({ toml: text });

test("a flag goes before the environment, that before the file, that before the default", () => {
  const all: Sources = {
    toml: 'logLevel = "warn"',
    env: { ROSTER_LOG_LEVEL: "error" },
    argv: ["--log-level", "fatal"],
  };
  expect(read(all).logLevel).toBe("fatal");
  expect(read({ ...all, argv: [] }).logLevel).toBe("error");
  expect(read({ ...all, argv: [], env: {} }).logLevel).toBe("warn");
  expect(read({}).logLevel).toBe("info");
});

test("the service manager's data directory goes before the environment's and the file's", () => {
  const env = { STATE_DIRECTORY: "/var/lib/roster", ROSTER_DATA: "/env" };
  expect(read({ toml: 'data = "/file"', env }).data).toBe("/var/lib/roster");
  expect(read({ toml: 'data = "/file"', env: { ROSTER_DATA: "/env" } }).data).toBe("/env");
  expect(toml('data = "/file"')).toMatchObject({ data: "/file", socket: "/file/rosterd.sock" });
});

test("--config goes before $ROSTER_CONFIG", () => {
  const file = write("other.toml", 'data = "/other"');
  expect(read({ toml: 'data = "/first"', argv: ["--config", file] }).data).toBe("/other");
});

test("everything can be said in the file", () => {
  const config = toml(`
    listen = "[::1]:1234"
    socket = "off"
    socketAuth = "login"
    allowedHosts = ["Roster.LAN", "192.0.2.1"]
    allowedOrigins = ["https://Studio.example"]
    trustedProxies = ["10.0.0.0/8", "2001:db8::1"]
    [tls]
    cert = "tls.crt"
    key = "/etc/tls.key"
    [password]
    minLength = 8
    scrypt = "2^17/8/1"
    [session]
    idle = "90m"
    absolute = "7d"
    [limits]
    batchEntries = 10
    [presence]
    statuses = ["Here", "At the printer"]
    [retention]
    deletedUsers = "1h"
    endedKeys = "365d"
    audit = "30d"
    auditBytes = 10485760
    [settings.defaults]
    studio = { grid = true, zoom = 1.5 }
    [settings.defaults.browse]
    tabs = ["a", "b"]
  `);
  expect(config).toMatchObject({
    listen: { host: "::1", port: 1234 },
    socket: null,
    socketAuth: "login",
    allowedHosts: ["roster.lan", "192.0.2.1"],
    allowedOrigins: ["https://studio.example"],
    trustedProxies: ["10.0.0.0/8", "2001:db8::1"],
    tls: { cert: join(directory, "tls.crt"), key: "/etc/tls.key" },
    password: { minLength: 8, scrypt: { logN: 17, r: 8, p: 1 } },
    session: { idle: 90 * 60_000, absolute: 7 * 86_400_000 },
    presence: { statuses: ["Here", "At the printer"] },
    retention: {
      deletedUsers: 3_600_000,
      endedKeys: 365 * 86_400_000,
      audit: 30 * 86_400_000,
      auditBytes: 10_485_760,
    },
    settings: { defaults: { studio: { grid: true, zoom: 1.5 }, browse: { tabs: ["a", "b"] } } },
  });
  expect(config.limits).toMatchObject({ batchEntries: 10, frameBytes: 1024 * 1024 });
});

test("everything can be said in the environment", () => {
  const env = {
    ROSTER_ALLOWED_HOSTS: "roster.lan, directory.lan",
    ROSTER_INSECURE_TCP: "yes",
    ROSTER_LIMITS_FRAME_BYTES: "65536",
    ROSTER_PASSWORD_SCRYPT: "2^14/8/5",
    ROSTER_SESSION_IDLE: "30m",
    ROSTER_SETTINGS_DEFAULTS: '{"studio":{"grid":true}}',
  };
  expect(read({ env })).toMatchObject({
    allowedHosts: ["roster.lan", "directory.lan"],
    insecureTcp: true,
    limits: { frameBytes: 65_536 },
    password: { scrypt: { logN: 14, r: 8, p: 5 } },
    session: { idle: 30 * 60_000 },
    settings: { defaults: { studio: { grid: true } } },
  });
});

test("a variable may name a file that holds the value", () => {
  const file = write("listen", "127.0.0.1:99\n");
  expect(read({ env: { ROSTER_LISTEN_FILE: file } }).listen?.port).toBe(99);
  expect(() => read({ env: { ROSTER_LISTEN_FILE: file, ROSTER_LISTEN: "off" } })).toThrow(/both set/);
  expect(() => read({ env: { ROSTER_LISTEN_FILE: join(directory, "absent") } })).toThrow(
    /^ROSTER_LISTEN_FILE: .*absent cannot be read \(ENOENT\)$/,
  );
});

test.each([
  ['\n# listn\nlistn = "off"', /rosterd.toml:3: unknown key "listn": did you mean "listen"\?$/],
  ["[limits]\n\nframebytes = 1", /:3: unknown key "limits.framebytes": did you mean "limits.frameBytes"\?$/],
  ["frameBytes = 20000", /:1: unknown key "frameBytes": did you mean "limits.frameBytes"\?$/],
  ["[frobnicators]\nx = 1", /:1: unknown key "frobnicators"$/],
  ["\n[tls]\ncert.file = 1", /:3: tls.cert is a table: write a path$/],
  ["limits = 3", /:1: limits is a table: write \[limits\]$/],
  ['listen = "off"\n\nlisten = "off"', /:3: this is not TOML: /],
  ['listen = "off', /:1: this is not TOML: /],
  ["x = { __proto__ = 1 }", /:1: this is not TOML: /],
])("what is wrong in the file is told with its line: %j", (text, message) => {
  expect(() => toml(text)).toThrow(UsageError);
  expect(() => toml(text)).toThrow(message);
});

test.each([
  ["listen = 7420", /:1: listen is 7420: write HOST:PORT/],
  ['allowedHosts = "roster.lan"', /:1: allowedHosts is "roster.lan": write a list of host names/],
  ['# many\nallowedHosts = [\n  "a",\n  "a b",\n]', /:2: allowedHosts is an array: write host names/],
  ['allowedOrigins = ["studio.example"]', /origins, such as/],
  ['trustedProxies = ["10.0.0.0/33"]', /addresses or networks/],
  ['insecureTcp = "yes"', /:1: insecureTcp is "yes": write true or false/],
  ["[limits]\nframeBytes = 1.5", /:2: limits.frameBytes is 1.5: write a whole number from 16384 to/],
  ["[limits]\nframeBytes = 16383", /:2: limits.frameBytes is 16383/],
  ["[limits]\nframeBytes = 67108865", /:2: limits.frameBytes is 67108865/],
  ["[limits]\nanonymousFrameBytes = 1048576\nframeBytes = 16384", /above limits.frameBytes/],
  ["[password]\nminLength = 7", /from 8 to 64/],
  ["[password]\nminLength = 65", /from 8 to 64/],
  [
    '[password]\nscrypt = "2^10/8/1"',
    /write one of "2\^17\/8\/1", "2\^16\/8\/2", "2\^15\/8\/3", "2\^14\/8\/5"/,
  ],
  ['[session]\nidle = "12"', /a duration from "1m" to "365d"/],
  ['[session]\nidle = "59s"', /a duration from "1m"/],
  ['[session]\nabsolute = "366d"', /to "365d"/],
  ["[presence]\nstatuses = []", /at least one and each once/],
  ['[presence]\nstatuses = ["Here", "Here"]', /at least one and each once/],
  [`[presence]\nstatuses = ["${"x".repeat(65)}"]`, /texts of 1 to 64/],
  ['[presence]\nstatuses = ["a\\tb"]', /texts of 1 to 64 visible/],
  ['[retention]\nendedKeys = "59m"', /from "1h" to "3650d"/],
  ['[retention]\naudit = "23h"', /from "1d" to "3650d"/],
  ["[retention]\nauditBytes = 1000", /a whole number from 1048576/],
  ["[settings]\ndefaults = 1", /:2: settings.defaults is 1: write a table/],
  [
    "[settings.defaults]\nsince = 2026-01-01",
    /settings.defaults is a table: write a table of what JSON knows/,
  ],
  ["[settings.defaults]\nmost = inf", /what JSON knows/],
  [`[settings.defaults]\nx = "${"x".repeat(65_536)}"`, /limits.settingsBytes allows 65536/],
])("a value that is none of its kind is told with its line and the way out: %j", (text, message) => {
  expect(() => toml(text)).toThrow(UsageError);
  expect(() => toml(text)).toThrow(message);
});

test("the ends of a range are in it", () => {
  expect(toml("[limits]\nframeBytes = 16384").limits.frameBytes).toBe(16_384);
  expect(toml("[limits]\nframeBytes = 67108864").limits.frameBytes).toBe(67_108_864);
  expect(toml("[password]\nminLength = 64").password.minLength).toBe(64);
  expect(toml('[session]\nidle = "60s"').session.idle).toBe(60_000);
});

test("a file that cannot be read is named", () => {
  expect(() => read({ argv: ["--config", join(directory, "absent.toml")] })).toThrow(
    /^the configuration file .*absent.toml cannot be read \(ENOENT\)$/,
  );
});

test("show tells every value with where it came from", () => {
  const file = write("value", "30m");
  const shown = showConfig(
    invoke({
      toml: '[limits]\nbatchEntries = 10\n[password]\nminLength = 20\n[settings.defaults]\na = [1, "x"]',
      env: { ROSTER_PASSWORD_MIN_LENGTH: "30", ROSTER_SESSION_IDLE_FILE: file, STATE_DIRECTORY: "/state" },
      argv: ["--listen", "[::1]:0"],
    }),
  );
  const lines = shown.split("\n").map((line) => line.replace(/ +/g, " "));
  const at = join(directory, "rosterd.toml");
  expect(lines).toEqual(
    expect.arrayContaining([
      'data = "/state" # $STATE_DIRECTORY',
      'listen = "[::1]:0" # --listen',
      `limits.batchEntries = 10 # ${at}:2`,
      "password.minLength = 30 # $ROSTER_PASSWORD_MIN_LENGTH",
      'password.scrypt = "2^15/8/3" # default',
      `session.idle = "30m" # $ROSTER_SESSION_IDLE_FILE (${file})`,
      'session.absolute = "30d" # default',
      `settings.defaults = { "a" = [1, "x"] } # ${at}:5`,
      "tls.cert = none # default",
    ]),
  );
});
