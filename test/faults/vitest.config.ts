import { defineConfig } from "vitest/config";

/** `npm run faults`: the same tests as in `npm test`, but in full, and those that are only here. */
export default defineConfig({
  test: {
    include: ["test/faults/*.test.ts", "test/faults/*.campaign.ts"],
    globalSetup: ["test/global-setup.ts"],
    env: { ROSTER_FAULTS: "full" },
    reporters: ["./test/faults/summary.ts"],
    // Campaigns wait for disks and processes most of the time.
    maxWorkers: 4,
    // Far more than it takes: a busy machine breaks no promise.
    testTimeout: 60 * 60_000,
    hookTimeout: 60_000,
  },
});
