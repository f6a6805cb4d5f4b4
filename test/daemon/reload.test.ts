import { Writable } from "node:stream";
import { expect, test } from "vitest";
import { rows } from "../../daemon/config/resolve.ts";
import type { Config } from "../../daemon/config.ts";
import { createLog } from "../../daemon/log.ts";
import { startTestDaemon } from "./start-daemon.ts";

async function startLogging(config: Partial<Config> = {}) {
  const lines: Record<string, unknown>[] = [];
  const output = new Writable({
    write(chunk, _encoding, done) {
      for (const line of String(chunk).trim().split("\n")) lines.push(JSON.parse(line));
      done();
    },
  });
  const daemon = await startTestDaemon({
    config,
    log: createLog("info", output as unknown as NodeJS.WriteStream),
  });
  return { daemon, lines, said: (start: string) => lines.find(({ msg }) => String(msg).startsWith(start)) };
}

const reloading = rows.filter(({ setting }) => setting.reloads).map(({ key }) => key);

test("what reloads: who may connect, certificates, limits, sessions, statuses, retention, defaults, the log's level", () => {
  expect(reloading.filter((key) => !key.startsWith("limits."))).toEqual([
    "allowedHosts",
    "allowedOrigins",
    "trustedProxies",
    "logLevel",
    "tls.cert",
    "tls.key",
    "session.idle",
    "session.absolute",
    "presence.statuses",
    ...reloading.filter((key) => key.startsWith("retention.")),
    "settings.defaults",
  ]);
  expect(reloading.filter((key) => key.startsWith("limits.")).length).toBeGreaterThan(15);
});

test("statuses and the defaults of settings are taken over by whoever is connected", async () => {
  const { daemon, said } = await startLogging();
  const operator = await daemon.operator();
  await operator.call("users.create", { username: "mia" });
  daemon.reload({
    presence: { statuses: ["Here", "Gone"] },
    settings: { defaults: { studio: { grid: 8 } } },
  });
  expect(await operator.call("presence.statuses", {})).toEqual({ statuses: ["Here", "Gone"] });
  expect(await operator.call("presence.set", { user: "mia", status: "Gone" })).toMatchObject({
    status: "Gone",
  });
  expect(await operator.call("presence.clear", { user: "mia" })).toMatchObject({ status: "Here" });
  const { user } = await operator.call("users.create", { username: "bo" });
  const { settings } = await operator.call("settings.get", { user: user.id });
  expect(settings).toEqual({ studio: { grid: 8 } });
  expect(said("Reloaded the configuration")).toMatchObject({
    changed: ["presence.statuses", "settings.defaults"],
  });
});

test("limits are taken over: the next message of an open connection, and the next connection, meet the new ones", async () => {
  const { daemon } = await startLogging();
  const operator = await daemon.operator();
  const deep = { jsonrpc: "2.0", method: "users.list", params: { filter: { text: [[[[[[[]]]]]]] } }, id: 1 };
  expect(await operator.ask(deep)).toMatchObject({ error: { code: -32602 } });
  daemon.reload({
    limits: { ...(await limitsOf(operator)), jsonDepth: 8, connections: 2, frameBytes: 20_000 },
  });
  expect(await operator.ask({ ...deep, id: 2 })).toMatchObject({ error: { code: -32600 } });
  expect((await limitsOf(operator)).jsonDepth).toBe(8);

  const second = await daemon.operator();
  await expect(daemon.operator()).rejects.toThrow(/503/);
  second.send({ jsonrpc: "2.0", method: "system.ping", params: { filler: "x".repeat(20_000) }, id: 1 });
  expect(await second.closed).toMatchObject({ code: 1009 });
});

test("names, origins and proxies are taken over by connections from then on", async () => {
  const { daemon } = await startLogging();
  const named = { headers: { Host: "roster.example" } };
  await expect(daemon.stranger(named)).rejects.toThrow(/403/);
  daemon.reload({ allowedHosts: ["roster.example"] });
  expect(await (await daemon.stranger(named)).call("system.ping", {})).toHaveProperty("at");
});

test("the log's level is taken over", async () => {
  const { daemon, lines } = await startLogging();
  daemon.reload({ logLevel: "error" });
  const before = lines.length;
  daemon.reload({ logLevel: "error", allowedHosts: ["roster.example"] });
  expect(lines).toHaveLength(before);
});

test("what needs a restart is named each time, and stays as it was", async () => {
  const { daemon, said } = await startLogging();
  daemon.reload({ socketAuth: "login", tls: { cert: "/new/tls.crt", key: "/new/tls.key" } });
  expect(said("Restart for")).toMatchObject({
    level: "warn",
    msg: "Restart for socketAuth, tls.cert, tls.key to change",
    needRestart: ["socketAuth", "tls.cert", "tls.key"],
  });
  const operator = await daemon.operator();
  expect(await operator.call("auth.whoami", {})).toMatchObject({ kind: "local" });
});

async function limitsOf(client: {
  call(method: "system.info", params: object): Promise<{ limits: object }>;
}) {
  const { limits } = await client.call("system.info", {});
  return limits as Config["limits"];
}
