import { expect, test } from "vitest";
import { methodNames } from "../../../protocol/index.ts";
import { fixture } from "../../fixtures/fixture.ts";
import { startTestDaemon } from "../start-daemon.ts";
import { overTcp, overUnix } from "./page.ts";

test("calls are counted by method and outcome, with how long they took", async () => {
  const daemon = await startTestDaemon();
  const operator = await daemon.operator();
  await operator.call("users.create", { username: "mia" });
  await operator.call("users.list", {});
  await operator.call("users.list", {});
  await expect(operator.call("users.get", { user: "nobody" })).rejects.toThrow();
  await operator.ask({ jsonrpc: "2.0", id: 1, method: "users.list", params: { limit: 0 } });
  await operator.ask({ jsonrpc: "2.0", id: 2, method: 'x"} 1\nroster_evil', params: {} });

  const page = await overUnix(daemon);
  expect(page).toMatchObject({ status: 200, type: "text/plain; version=0.0.4; charset=utf-8" });
  expect(page.value('roster_calls_total{method="users.list",outcome="ok"}')).toBe(2);
  expect(page.value('roster_calls_total{method="users.list",outcome="invalidParams"}')).toBe(1);
  expect(page.value('roster_calls_total{method="users.get",outcome="notFound"}')).toBe(1);
  expect(page.value('roster_calls_total{method="unknown",outcome="methodNotFound"}')).toBe(1);
  expect(page.value('roster_call_duration_seconds_count{method="users.list"}')).toBe(3);
  expect(page.value('roster_call_duration_seconds_bucket{method="users.list",le="+Inf"}')).toBe(3);
  expect(page.value('roster_call_duration_seconds_sum{method="users.list"}')).toBeGreaterThan(0);
  expect(page.text).not.toContain("evil");
});

test("connections, events, entries, the store, hashing, the event loop and the process are told", async () => {
  const daemon = await startTestDaemon();
  const operator = await daemon.operator();
  await operator.call("events.subscribe", {});
  await daemon.stranger();
  await operator.call("users.create", { username: "mia" });
  await operator.event();
  await expect(daemon.stranger({ headers: { Host: "evil.example" } })).rejects.toThrow(/403/);
  const gone = await daemon.operator();
  await gone.close();

  const page = await overUnix(daemon);
  expect(page.value('roster_connections{kind="local"}')).toBe(1);
  expect(page.value('roster_connections{kind="anonymous"}')).toBe(1);
  expect(page.value('roster_connections{kind="key"}')).toBe(0);
  expect(page.value("roster_connections_opened_total")).toBe(3);
  expect(page.value('roster_connections_refused_total{status="403"}')).toBe(1);
  expect(page.value('roster_connections_closed_total{code="1005"}')).toBe(1);
  expect(page.value("roster_subscriptions")).toBe(1);
  expect(page.value("roster_events_sent_total")).toBe(1);
  expect(page.value("roster_events_dropped_total")).toBe(0);
  expect(page.value('roster_entries_total{type="user.created",outcome="ok"}')).toBe(1);
  expect(page.value("roster_store_healthy")).toBe(1);
  expect(page.value("roster_store_users")).toBe(1);
  expect(page.value("roster_journal_write_duration_seconds_count")).toBe(1);
  expect(page.value("roster_journal_written_bytes_total")).toBe(page.value("roster_journal_bytes"));
  expect(page.value("roster_journal_bytes")).toBeGreaterThan(200);
  expect(page.value("roster_snapshot_bytes")).toBeGreaterThan(200);
  expect(page.value("roster_snapshot_duration_seconds_count")).toBe(0);
  expect(page.value("roster_hashing_running")).toBe(0);
  expect(page.value("roster_hashing_waiting")).toBe(0);
  expect(page.value('roster_info{version="0.0.0-test"}')).toBe(1);
  expect(page.value("nodejs_eventloop_lag_p99_seconds")).toBeGreaterThanOrEqual(0);
  expect(page.value("process_resident_memory_bytes")).toBeGreaterThan(1_000_000);
  expect(page.value("roster_certificate_end_timestamp_seconds")).toBeUndefined();
});

test("with TLS the page tells when the certificate ends", async () => {
  const tls = { cert: fixture("tls/localhost.crt"), key: fixture("tls/localhost.key") };
  const daemon = await startTestDaemon({ config: { tls } });
  const page = await overUnix(daemon);
  expect(page.value("roster_certificate_end_timestamp_seconds")).toBe(
    Date.parse("2120-01-01T00:00:00Z") / 1000,
  );
});

test("over TCP the page is for a bearer that has system.manage", async () => {
  const daemon = await startTestDaemon();
  const operator = await daemon.operator();
  await operator.call("users.create", { username: "mia", roles: ["admin"] });
  const key = async (permissions: string[]) =>
    (await operator.call("keys.create", { user: "mia", name: "monitor", permissions })).secret;

  expect(await overTcp(daemon)).toMatchObject({ status: 401, text: expect.stringMatching(/system\.manage/) });
  expect(await overTcp(daemon, "rk_nonsense")).toMatchObject({ status: 401 });
  expect(await overTcp(daemon, await key(["users.read"]))).toMatchObject({ status: 403 });
  expect(await overTcp(daemon, await key(["system.manage"]))).toMatchObject({ status: 200 });
});

test("on a Unix socket that wants a login the page wants a bearer too", async () => {
  const daemon = await startTestDaemon({ config: { socketAuth: "login" } });
  expect(await overUnix(daemon)).toMatchObject({ status: 401 });
});

test("no method is left out: each has its meter before the first call", async () => {
  const daemon = await startTestDaemon();
  const operator = await daemon.operator();
  for (const method of methodNames)
    await operator.ask({ jsonrpc: "2.0", id: 1, method, params: { none: 1 } });
  const page = await overUnix(daemon);
  for (const method of methodNames) {
    expect(page.value(`roster_call_duration_seconds_count{method="${method}"}`), method).toBe(1);
  }
});
