import { expect, test } from "vitest";
import type { Entry, Params } from "../../../protocol/index.ts";
import { FakeDaemon } from "../fake-daemon.ts";
import { entryOf, openApp, pageOf, userOf } from "./open-app.tsx";

type Query = Params<"audit.query">;

/** A daemon that has recorded `count` entries, and answers pages of at most `page`. */
function recorder(count: number, page = 100) {
  const entries: Entry[] = Array.from({ length: count }, (_, index) =>
    entryOf(index + 1, { type: index % 10 === 0 ? "user.disabled" : "user.updated" }),
  );
  const query = ({
    type,
    outcome,
    subject,
    text = "",
    before = Number.POSITIVE_INFINITY,
    after = 0,
    limit = 50,
  }: Query) => {
    const found = entries
      .filter((entry) => entry.seq < before && entry.seq > after)
      .filter((entry) => type === undefined || type.endsWith("*") || entry.type === type)
      .filter((entry) => outcome === undefined || entry.outcome === outcome)
      .filter((entry) => subject === undefined || entry.subject?.id === subject)
      .filter((entry) => (entry.subject?.name ?? "").includes(text))
      .reverse()
      .slice(0, Math.min(limit, page));
    const last = found.at(-1)?.seq ?? 1;
    return { items: found, next: last > after + 1 ? last : null };
  };
  const daemon = new FakeDaemon({
    "users.list": () => pageOf([userOf(1)]),
    "audit.query": query,
    "audit.tip": () => ({ seq: entries.length, hash: "00", epoch: "e" }),
  });
  return { entries, daemon };
}

async function openAudit(daemon: FakeDaemon) {
  const app = openApp(daemon);
  await app.shows("1 user");
  app.type(":audit");
  app.press("enter");
  await app.shows("When (UTC)");
  return app;
}

test("older pages are read as one goes down, to the first entry", async () => {
  const { daemon } = recorder(120);
  const app = await openAudit(daemon);
  await app.shows("50 shown, older ones below");
  app.type("G");
  await app.shows("100 shown, older ones below");
  app.type("G");
  await app.shows("120 entries");
  expect((daemon.asked("audit.query") as Query[]).at(-1)?.before).toBe(21);
});

test("what happens meanwhile is put on top, and the selected entry stays selected", async () => {
  const { daemon, entries } = recorder(30);
  const app = await openAudit(daemon);
  await app.shows("30 entries");
  app.type("jj");
  app.press("enter");
  await app.shows("user.updated #28");
  app.press("escape");
  await app.shows("When (UTC)");
  for (let seq = 31; seq <= 35; seq++) entries.push(entryOf(seq, { type: "user.enabled" }));
  daemon.emit("user.enabled");
  await app.shows("35 entries");
  expect(daemon.asked("audit.query").at(-1)).toEqual({ before: 36, after: 30, limit: 50 });
  app.press("enter");
  await app.shows("user.updated #28");
});

test("more news than can be read in a few pages begin the list anew", async () => {
  const { daemon, entries } = recorder(30);
  const app = await openAudit(daemon);
  await app.shows("30 entries");
  for (let seq = 31; seq <= 1000; seq++) entries.push(entryOf(seq));
  daemon.emit("user.updated");
  await app.shows("50 shown, older ones below");
});

test("the filter's terms go to the daemon, and a wrong one is said", async () => {
  const { daemon } = recorder(30);
  const app = await openAudit(daemon);
  await app.shows("30 entries");
  app.type("/type:user.disabled outcome:ok from:2026-11-01");
  await app.shows("3 entries");
  expect(daemon.asked("audit.query").at(-1)).toEqual({
    type: "user.disabled",
    outcome: "ok",
    from: "2026-11-01T00:00:00.000Z",
    limit: 50,
  });
  app.type(" outcome:maybe");
  await app.shows("outcome is ok or denied or failed");
  app.press("escape");
  await app.shows("30 entries");
  app.type("/when:today");
  await app.shows("There is no field when: try actor, subject, type, outcome, from, to");
});

test("a word narrows the entries letter by letter, as part of a name", async () => {
  const { daemon, entries } = recorder(30);
  const subject = { kind: "user", id: "u", name: "miriam" } as const;
  entries.push(entryOf(31, { subject }), entryOf(32, { subject: { ...subject, name: "mila" } }));
  const app = await openAudit(daemon);
  await app.shows("32 entries");
  app.type("/mi");
  await app.shows("2 entries");
  app.type("r");
  await app.shows("1 entry");
  expect(daemon.asked("audit.query")).toContainEqual({ text: "mir", limit: 50 });
  app.type(" subject:u");
  await expect
    .poll(() => daemon.asked("audit.query"))
    .toContainEqual({ text: "mir", subject: "u", limit: 50 });
});

test("while a filter is not answered no entry of the list before is opened", async () => {
  const { daemon } = recorder(30);
  const app = await openAudit(daemon);
  await app.shows("30 entries");
  app.type("/type:user.disabled");
  app.press("enter");
  app.press("enter");
  expect(app.frame()).toContain("…");
  await app.shows("3 entries");
  app.press("enter");
  await app.shows("Entry › user.disabled #21");
});

test("an entry opens whole, with what was before it, read from the entry before", async () => {
  const { daemon, entries } = recorder(0);
  const user = userOf(1, { fullName: "Grace" });
  const changed = { ...user, fullName: `Grace ${"Brewster ".repeat(12)}Hopper` };
  entries.push(
    entryOf(1, { type: "user.created", data: { user } }),
    entryOf(2, { type: "settings.saved", data: { changed: ["/a"] } }),
    entryOf(3, { type: "user.updated", data: { user: changed, changed: ["fullName"] } }),
  );
  const app = await openAudit(daemon);
  await app.shows("3 entries");
  app.press("enter");
  await app.shows("- fullName: Grace");
  await app.shows("+ fullName: Grace Brewster");
  expect(app.frame()).toContain("Hopper");
  expect(app.frame()).toContain("Position  3");
  daemon.answers["users.get"] = () => userOf(1);
  app.press("enter");
  await app.shows("user-1 › Profile");
});

test("what the daemon refuses is said, and the rows stay", async () => {
  const { daemon } = recorder(3);
  const app = await openAudit(daemon);
  await app.shows("3 entries");
  daemon.answers["audit.tip"] = () => {
    throw { code: 503, message: "the store is not available" };
  };
  app.type("r");
  await app.shows("the store is not available");
  expect(app.frame()).toContain("user.disabled");
});
