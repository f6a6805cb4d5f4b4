import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { defaultRetention } from "../../daemon/directory/retention.ts";
import type { EventNotification } from "../../protocol/index.ts";
import type { RawClient } from "./raw-client.ts";
import { startTestDaemon } from "./start-daemon.ts";

async function dataDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "roster-history-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

async function take(client: RawClient, count: number): Promise<EventNotification[]> {
  const events: EventNotification[] = [];
  while (events.length < count) events.push(await client.event());
  return events;
}

test("who was away over restarts and snapshots is told all that it missed, then what happens", async () => {
  const config = { data: await dataDirectory() };
  const first = await startTestDaemon({ config });
  const operator = await first.operator();
  const { seq, epoch } = await operator.call("events.subscribe", {});
  for (let at = 0; at < 30; at += 1) await operator.call("users.create", { username: `u${at}` });
  await first.stop();
  const second = await startTestDaemon({ config });
  const later = await second.operator();
  for (let at = 0; at < 30; at += 1) await later.call("users.create", { username: `v${at}` });
  await second.stop();

  const third = await startTestDaemon({ config });
  const watcher = await third.operator();
  await watcher.call("events.subscribe", { topics: ["users"], since: seq, epoch });
  const missed = await take(watcher, 60);
  await watcher.call("users.create", { username: "now" });
  expect([...missed, await watcher.event()].map((event) => event.seq)).toEqual(
    Array.from({ length: 61 }, (_, at) => seq + 1 + at),
  );
});

test("a long replay goes only as fast as it is read, and others hear everything meanwhile", async () => {
  const daemon = await startTestDaemon({ limits: { unsentBytes: 64 * 1024 } });
  const operator = await daemon.operator();
  const { seq, epoch } = await operator.call("events.subscribe", {});
  await operator.call("users.create", { username: "mia" });
  const description = "x".repeat(200);
  const create = (at: number) =>
    operator.call("roles.create", { name: `r${at}`, description, permissions: [] });
  await Promise.all(Array.from({ length: 900 }, (_, at) => create(at)));
  const [slow, quick] = [await daemon.operator(), await daemon.operator()];
  slow.socket.pause();
  slow.send({
    jsonrpc: "2.0",
    id: 1,
    method: "events.subscribe",
    params: { topics: ["roles"], since: seq, epoch },
  });
  await quick.call("events.subscribe", { topics: ["roles"] });
  await create(900);
  expect(await quick.event()).toMatchObject({ subject: { name: "r900" } });
  slow.socket.resume();
  const names = (await take(slow, 901)).map((event) => ("subject" in event ? event.subject?.name : null));
  expect(names).toEqual(Array.from({ length: 901 }, (_, at) => `r${at}`));
});

test("who was away for longer than the audit is kept must fetch afresh, and the audit says what went", async () => {
  const HOUR_MS = 3_600_000;
  const retention = { ...defaultRetention, audit: 24 * HOUR_MS };
  const config = { data: await dataDirectory(), retention };
  const first = await startTestDaemon({ config });
  const operator = await first.operator();
  const { seq, epoch } = await operator.call("events.subscribe", {});
  for (const username of ["ann", "ben"]) await operator.call("users.create", { username });
  await first.stop();

  const second = await startTestDaemon({ config });
  const later = await second.operator();
  await second.check();
  await later.call("events.subscribe", { since: seq, epoch });
  second.clock.advance(25 * HOUR_MS);
  await second.check();
  await expect(later.call("events.subscribe", { since: seq, epoch })).rejects.toMatchObject({
    code: 410,
    reason: "resumePointGone",
  });
  const { items, next } = await later.call("audit.query", {});
  expect([items.length, next]).toEqual([1, null]);
  expect(items[0]).toMatchObject({ type: "audit.pruned", data: { seq: 2, hash: expect.any(String) } });
});
