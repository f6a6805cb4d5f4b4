import { expect, test } from "vitest";
import { parse } from "yaml";
import { topicNames, topics } from "../../protocol/index.ts";
import { overUnix } from "../daemon/metrics/page.ts";
import { startTestDaemon } from "../daemon/start-daemon.ts";
import { fixture } from "../fixtures/fixture.ts";
import { readProjectFile } from "./generated.ts";

interface Rule {
  alert: string;
  expr: string;
  labels: { severity: string };
  annotations: { summary: string };
}

const rules: Rule[] = parse(readProjectFile("docs/prometheus/rules.yml")).groups.flatMap(
  (group: { rules: Rule[] }) => group.rules,
);

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
