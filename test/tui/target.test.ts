import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { dataDirectory, findTarget } from "../../tui/target.ts";

const state = mkdtempSync(join(tmpdir(), "roster-target-"));
afterAll(() => rmSync(state, { recursive: true }));

test("--url is taken with the daemon's path", () => {
  expect(findTarget({ url: "ws://127.0.0.1:7420" }, {})).toEqual({
    kind: "url",
    url: "ws://127.0.0.1:7420/rpc",
  });
  expect(findTarget({ url: "wss://directory.example/behind/proxy" }, {})).toEqual({
    kind: "url",
    url: "wss://directory.example/behind/proxy",
  });
});

test.each(["", "7420", "127.0.0.1:7420", "http://127.0.0.1:7420", "ws://"])(
  "--url %s is refused with the form of an address",
  (url) => {
    expect(() => findTarget({ url }, {})).toThrow("write ws://HOST:PORT or wss://HOST:PORT");
  },
);

test.each([
  "ws://ann:secret@127.0.0.1:7420",
  "ws://127.0.0.1:7420/rpc?key=rk_1",
  "ws://127.0.0.1/#rk_1",
  "http://a:b@127.0.0.1",
])("a secret in the address is refused, and the refusal does not repeat it: %s", (url) => {
  expect(() => findTarget({ url }, {})).toThrow(/^--url takes host, port and path only/);
});

test("--url and --socket exclude each other", () => {
  expect(() => findTarget({ url: "ws://127.0.0.1:7420", socket: "/run/x" }, {})).toThrow("not both");
});

test("--socket goes before $ROSTER_SOCKET, which goes before the user's own", () => {
  const env = { ROSTER_SOCKET: "/run/variable.sock", ROSTER_DATA: state };
  expect(findTarget({ socket: "/run/flag.sock" }, env)).toEqual({ kind: "socket", path: "/run/flag.sock" });
  expect(findTarget({}, env)).toEqual({ kind: "socket", path: "/run/variable.sock" });
  writeFileSync(join(state, "rosterd.sock"), "");
  expect(findTarget({}, { ROSTER_DATA: state })).toEqual({
    kind: "socket",
    path: join(state, "rosterd.sock"),
  });
});

test("the data directory is where rosterd looks for it", () => {
  expect(dataDirectory({})).toBe(join(homedir(), ".local/state/roster"));
  expect(dataDirectory({ XDG_STATE_HOME: "/state" })).toBe("/state/roster");
  expect(dataDirectory({ XDG_STATE_HOME: "/state", ROSTER_DATA: "/data" })).toBe("/data");
  expect(dataDirectory({ ROSTER_DATA: "/data", STATE_DIRECTORY: "/var/lib/roster:/var/lib/other" })).toBe(
    "/var/lib/roster",
  );
});
