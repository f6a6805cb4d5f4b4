import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { topicNames, topics } from "../../protocol/index.ts";
import { overUnix } from "../daemon/metrics/page.ts";
import { startTestDaemon } from "../daemon/start-daemon.ts";
import { fixture } from "../fixtures/fixture.ts";
import { root } from "../readme-blocks.ts";
import { readProjectFile } from "./generated.ts";
import { blocks } from "./guide.ts";

interface Rule {
  alert: string;
  expr: string;
  labels: { severity: string };
  annotations: { summary: string };
}

const rules: Rule[] = parse(readProjectFile("docs/prometheus/rules.yml")).groups.flatMap(
  (group: { rules: Rule[] }) => group.rules,
);

/** What promtool raises the alerts by. */
const cases: { input_series: { series: string }[]; alert_rule_test: RuleCase[] }[] = parse(
  readProjectFile("test/docs/alerts.yml"),
).tests;

interface RuleCase {
  alertname: string;
  exp_alerts: object[];
}

test("the alerts ask for metrics that there are", async () => {
  const tls = { cert: fixture("tls/localhost.crt"), key: fixture("tls/localhost.key") };
  const daemon = await startTestDaemon({ config: { tls } });
  const { text } = await overUnix(daemon);
  const types = new Map(
    [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name = "", type]) => [name, type]),
  );
  for (const { alert, expr } of rules) {
    const asked = expr.match(/\b(roster|process|nodejs)_\w+/g) ?? [];
    for (const name of asked)
      expect(types.has(name.replace(/_bucket$/, "")), `${name} in ${alert}`).toBe(true);
    const counters = asked.filter((name) => types.get(name) === "counter");
    if (counters.length > 0) expect(expr, alert).toMatch(/increase|rate/);
  }
  expect(rules.length).toBeGreaterThan(10);
});

test("the types of entries that the alerts watch are types that are written", () => {
  const known = [...topicNames.flatMap((topic) => [...topics[topic].types]), "login.failed", "call.denied"];
  const watched = rules.flatMap(({ expr }) => [...expr.matchAll(/type="([^"]+)"/g)].map(([, type]) => type));
  expect(watched.length).toBeGreaterThan(2);
  for (const type of watched) expect(known).toContain(type);
});

test("each alert says what is the matter, where, and how urgent it is", () => {
  for (const { alert, labels, annotations } of rules) {
    expect(alert).toMatch(/^Roster[A-Z]\w+$/);
    expect(["page", "ticket"]).toContain(labels.severity);
    expect(annotations.summary).toContain("{{ $labels.instance }}");
  }
});

/** A series without the labels that Prometheus adds, its own sorted. */
function series(text: string): string {
  const [, name, labels = ""] = /^(\w+)(?:\{(.*)\})?$/.exec(text) ?? [];
  const own = [...labels.matchAll(/(\w+)="([^"]*)"/g)].filter(
    ([, label]) => label !== "job" && label !== "instance",
  );
  return `${name} ${own.map(([all]) => all).sort()}`;
}

test("what raises the alerts where they are tried is on the daemon's page before anything has happened", async () => {
  const tls = { cert: fixture("tls/localhost.crt"), key: fixture("tls/localhost.key") };
  const daemon = await startTestDaemon({ config: { tls } });
  await (await daemon.operator()).call("users.list", {});
  const { text } = await overUnix(daemon);
  const there = text.split("\n").map((line) => series(line.slice(0, line.lastIndexOf(" "))));
  const raising = cases
    .flatMap(({ input_series }) => input_series.map(({ series }) => series))
    .filter((text) => text.includes('instance="bad"') && !text.startsWith("up{"));
  for (const text of raising) expect(there).toContain(series(text));
  expect(raising.length).toBeGreaterThan(15);
});

test("each alert is tried where it is raised, and where it is not", () => {
  const tried = cases.flatMap(({ alert_rule_test }) => alert_rule_test);
  for (const { alert } of rules) {
    const own = tried.filter(({ alertname }) => alertname === alert);
    expect(
      own.map(({ exp_alerts }) => exp_alerts.length > 0),
      alert,
    ).toContain(true);
  }
  for (const { input_series } of cases)
    expect(input_series.some(({ series }) => series.includes('instance="good"'))).toBe(true);
});

const hasPromtool = spawnSync("promtool", ["--version"]).status === 0;
const absent = hasPromtool ? "" : " (promtool is not installed here)";

function promtool(...args: string[]): void {
  const { status, stdout, stderr } = spawnSync("promtool", args, { cwd: root, encoding: "utf8" });
  expect(status, stdout + stderr).toBe(0);
}

test.skipIf(!hasPromtool)(`the alerts are raised when they should be, and then only${absent}`, () => {
  promtool("check", "rules", "docs/prometheus/rules.yml");
  promtool("test", "rules", "test/docs/alerts.yml");
});

test.skipIf(!hasPromtool)(`the guide's configuration is one, as Prometheus reads it${absent}`, () => {
  const directory = mkdtempSync(join(tmpdir(), "roster-prometheus-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, "prometheus.yml");
  writeFileSync(
    file,
    blocks("Monitoring", "yaml")
      .map(({ code }) => code)
      .join(""),
  );
  promtool("check", "config", "--syntax-only", file);
});
