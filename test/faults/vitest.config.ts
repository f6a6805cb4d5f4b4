import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** So that they run beside all the others instead of after them. */
const longest = /\/(soak|kill|power)\./;

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isShort = ({ moduleId }: TestSpecification) => Number(!longest.test(moduleId));
    return files.toSorted((a, b) => isShort(a) - isShort(b));
  }
}

/** `npm run faults`: the same tests as in `npm test`, but in full, and those that are only here. */
export default defineConfig({
  test: {
    include: ["test/faults/*.test.ts", "test/faults/*.campaign.ts"],
    globalSetup: ["test/global-setup.ts"],
    env: { ROSTER_FAULTS: "full" },
    reporters: ["./test/faults/summary.ts"],
    // Campaigns wait for disks and processes most of the time.
    maxWorkers: 4,
    sequence: { sequencer: LongestFirst },
    // Far more than it takes: a busy machine breaks no promise.
    testTimeout: 60 * 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
