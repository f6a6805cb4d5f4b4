import { expect, test } from "vitest";
import { brokenBounds, type Felt, type Outcome, table } from "./verdict.ts";

function felt(reads: number, changes: number, memory: number, files = 24): Felt {
  const waits = (p99: number) => ({ p50: p99 / 4, p99, most: 2 * p99, count: 100 });
  return { reads: waits(reads), changes: waits(changes), memory, files };
}

function outcome(meanwhile: Felt, afterwards = felt(3, 17, 110), before = felt(3.3, 17, 88)): Outcome {
  return { attack: "100 logins at once", came: "all in after 12.6 s", before, meanwhile, afterwards };
}

test("what others hardly feel is allowed, and on a machine that was slow before more of it", () => {
  expect(brokenBounds(outcome(felt(49, 149, 255, 424)))).toEqual([]);
  expect(brokenBounds(outcome(felt(200, 400, 174), undefined, felt(25, 42, 88)))).toEqual([]);
});

test.each<[string, Outcome]>([
  ["p99 of reads is 51 ms, at most 50 are allowed", outcome(felt(51, 17, 174))],
  ["p99 of changes is 171 ms, at most 170 are allowed", outcome(felt(5, 171, 174))],
  ["p99 of reads is NaN ms, at most 50 are allowed", outcome(felt(Number.NaN, 17, 174))],
  ["memory is 257 MiB, at most 256 are allowed", outcome(felt(5, 17, 257))],
  ["6 files stay open", outcome(felt(5, 17, 174), felt(3, 17, 110, 30))],
])("%s", (broken, felt) => {
  expect(brokenBounds(felt)).toEqual([broken]);
});

test("the table is one of Markdown, with p99 before and meanwhile", () => {
  expect(table([outcome(felt(6.3, 15, 174))])).toBe(
    `| attack | reads | changes | memory | the attackers |
| --- | --- | --- | --- | --- |
| 100 logins at once | 3.3 → 6.3 | 17 → 15 | 88 → 174 → 110 | all in after 12.6 s |`,
  );
});
