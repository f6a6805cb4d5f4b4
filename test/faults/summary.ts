import { basename } from "node:path";
import { styleText } from "node:util";
import type { SerializedError } from "vitest";
import type { Reporter, TestCase, TestModule } from "vitest/node";
import { seed } from "./effort.ts";

const marks = {
  passed: styleText("green", "holds"),
  failed: styleText("red", "BROKEN"),
  skipped: styleText("yellow", "not done"),
  pending: styleText("yellow", "not done"),
};

/** Tells of each promise as soon as it was tried, and of all of them in a table at the end. */
export default class Summary implements Reporter {
  #startedAt = 0;

  onTestRunStart(): void {
    this.#startedAt = performance.now();
    say(`seed ${seed} (to see the same again: ROSTER_FAULTS_SEED=${seed} npm run faults -- CAMPAIGN)\n`);
  }

  onTestCaseResult(test: TestCase): void {
    say(rowOf(test));
    for (const error of test.result().errors ?? []) say(textOf(error));
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    for (const error of unhandled) say(textOf(error));
    say("");
    for (const module of modules) {
      say(styleText("bold", campaignOf(module)));
      for (const error of module.errors()) say(`${marks.failed}    ${textOf(error)}`);
      for (const test of module.children.allTests()) say(rowOf(test));
    }
    say(`\n${duration(performance.now() - this.#startedAt)} in all, seed ${seed}`);
  }
}

/** A stack does not always begin with the message. */
function textOf({ message, stack = "" }: SerializedError): string {
  return [message, ...stack.split("\n").filter((line) => line.startsWith("    at "))].join("\n");
}

function rowOf(test: TestCase): string {
  const result = test.result();
  const why = result.state === "skipped" ? result.note : test.meta().figures;
  const { duration: ms = 0 } = test.diagnostic() ?? {};
  return `${marks[result.state]}  ${duration(ms).padStart(7)}  ${test.name}${why ? ` (${why})` : ""}`;
}

function campaignOf({ moduleId }: TestModule): string {
  return basename(moduleId).replace(/\..*/, "");
}

function duration(ms: number): string {
  return ms < 100_000 ? `${(ms / 1000).toFixed(1)} s` : `${(ms / 60_000).toFixed(1)} min`;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
