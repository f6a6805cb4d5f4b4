import { expect, test } from "vitest";
import { ProgressBar } from "../../../tui/components/progress-bar.tsx";
import { show } from "./harness.tsx";

const bar = (done: number, total: number) =>
  show(<ProgressBar done={done} total={total} width={30} />).frame();

test("the bar fills as the work goes on, and says how much of how much", () => {
  expect(bar(0, 40)).toBe("[--------------------] 0 of 40");
  expect(bar(10, 40)).toBe("[####---------------] 10 of 40");
  expect(bar(40, 40)).toBe("[###################] 40 of 40");
});

test("nothing to do is done", () => {
  expect(bar(0, 0)).toBe("[#####################] 0 of 0");
});
