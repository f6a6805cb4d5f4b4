import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Information } from "../../daemon/config/command-line.ts";
import { UsageError } from "../../daemon/config/usage-error.ts";
import { readConfig } from "../../daemon/config.ts";
import { defaultPresenceStatuses } from "../../daemon/directory/presence.ts";
import { defaultLimits } from "../../daemon/limits.ts";

const read = (...argv: string[]) => readConfig(argv, "1.2.3").config;

const HOUR_MS = 3_600_000;

beforeEach(() => {
  for (const name of [
    "STATE_DIRECTORY",
    "RUNTIME_DIRECTORY",
    "ROSTER_DATA",
    "ROSTER_LISTEN",
    "ROSTER_SOCKET",
  ]) {
    vi.stubEnv(name, undefined);
  }
  vi.stubEnv("HOME", "/home/mia");
  vi.stubEnv("XDG_STATE_HOME", undefined);
});
afterEach(() => vi.unstubAllEnvs());

test("without anything said it serves on loopback and keeps its data in the user's state", () => {
  expect(read()).toEqual({
    data: "/home/mia/.local/state/roster",
    listen: { host: "127.0.0.1", port: 7420 },
    socket: "/home/mia/.local/state/roster/rosterd.sock",
    socketAuth: "operator",
    insecureTcp: false,
    allowedHosts: [],
    allowedOrigins: [],
    trustedProxies: [],
    logLevel: "info",
    tls: { cert: null, key: null },
    password: { minLength: 15, scrypt: { logN: 15, r: 8, p: 3 } },
    session: { idle: 12 * HOUR_MS, absolute: 30 * 24 * HOUR_MS },
    presence: { statuses: defaultPresenceStatuses },
    retention: {
      deletedUsers: 7 * 24 * HOUR_MS,
      endedKeys: 90 * 24 * HOUR_MS,
      audit: 365 * 24 * HOUR_MS,
      auditBytes: 1024 ** 3,
    },
    settings: { defaults: { studio: {}, browse: {} } },
    bootstrap: { username: null, passwordFile: null },
    limits: defaultLimits,
  });
});

test("run is what it does anyway", () => {
  expect(read("run", "--data", "/srv/roster")).toEqual(read("--data", "/srv/roster"));
});

test("the data directory: flag, systemd, environment, XDG", () => {
  vi.stubEnv("XDG_STATE_HOME", "/xdg");
  expect(read().data).toBe("/xdg/roster");
  vi.stubEnv("ROSTER_DATA", "/env");
  expect(read().data).toBe("/env");
  vi.stubEnv("STATE_DIRECTORY", "/var/lib/roster:/var/lib/other");
  expect(read().data).toBe("/var/lib/roster");
  expect(read("--data", "/flag").data).toBe("/flag");
});

test("the socket: flag, environment, systemd, data directory", () => {
  expect(read("--data", "/d").socket).toBe("/d/rosterd.sock");
  vi.stubEnv("RUNTIME_DIRECTORY", "/run/roster");
  expect(read("--data", "/d").socket).toBe("/run/roster/rosterd.sock");
  vi.stubEnv("ROSTER_SOCKET", "/env.sock");
  expect(read("--data", "/d").socket).toBe("/env.sock");
  expect(read("--data", "/d", "--socket", "/flag.sock").socket).toBe("/flag.sock");
  expect(read("--socket", "off").socket).toBeNull();
});

test.each([
  ["127.0.0.1:0", { host: "127.0.0.1", port: 0 }],
  ["localhost:65535", { host: "localhost", port: 65535 }],
  ["[::1]:7420", { host: "::1", port: 7420 }],
  ["off", null],
])("--listen %s", (text, listen) => {
  expect(read("--listen", text).listen).toEqual(listen);
  vi.stubEnv("ROSTER_LISTEN", text);
  expect(read().listen).toEqual(listen);
});

test("an address that is not loopback needs to be asked for", () => {
  expect(() => read("--listen", "0.0.0.0:7420")).toThrow(/--insecure-tcp/);
  expect(() => read("--listen", "127.0.0.1.evil.example:7420")).toThrow(/--insecure-tcp/);
  expect(read("--listen", "0.0.0.0:7420", "--insecure-tcp").listen?.host).toBe("0.0.0.0");
  const tls = ["--tls-cert", "/cert", "--tls-key", "/key"];
  expect(read("--listen", "0.0.0.0:7420", ...tls).listen?.host).toBe("0.0.0.0");
  vi.stubEnv("ROSTER_INSECURE_TCP", "0");
  expect(() => read("--listen", "0.0.0.0:7420")).toThrow(/--insecure-tcp/);
  vi.stubEnv("ROSTER_INSECURE_TCP", "1");
  expect(read("--listen", "0.0.0.0:7420").listen?.host).toBe("0.0.0.0");
});

test.each([
  [["--nonsense"], /--nonsense/],
  [["--listen"], /--listen/],
  [["--listen", "7420"], /HOST:PORT/],
  [["--listen", "localhost:65536"], /HOST:PORT/],
  [["--log-level", "loud"], /loud/],
  [["frobnicate"], /no command "frobnicate": there are run, verify, backup, restore, recover-admin, config/],
  [["comfig"], /did you mean "config"/],
  [["config"], /there are check, show/],
  [["config", "chek"], /did you mean "check"/],
  [["config", "check", "show"], /arguments/],
  [["--data", ""], /--data is "": write a path/],
  [["--tls-cert", "/cert"], /tls.cert is of no use without tls.key/],
  [["--tls-key", "/key"], /tls.key is of no use without tls.cert/],
  [["run", "run"], /arguments/],
  [["--listen", "off", "--socket", "off"], /both off/],
  [["--socket", `/${"x".repeat(107)}`], /longer than 107/],
])("%s is refused in one line", (argv, message) => {
  expect(() => read(...argv)).toThrow(UsageError);
  expect(() => read(...argv)).toThrow(message);
  expect(() => read(...argv)).not.toThrow(/\n/);
});

test("a bad value of the environment is named", () => {
  vi.stubEnv("ROSTER_LISTEN", "nowhere");
  expect(() => read()).toThrow(/ROSTER_LISTEN/);
  vi.stubEnv("ROSTER_LISTEN", undefined);
  vi.stubEnv("ROSTER_INSECURE_TCP", "maybe");
  expect(() => read()).toThrow(/ROSTER_INSECURE_TCP is "maybe"/);
});

test("help and version are told, not run", () => {
  expect(() => read("--version")).toThrow(new Information("1.2.3"));
  expect(() => read("--help")).toThrow(/--listen.*--insecure-tcp/s);
});
