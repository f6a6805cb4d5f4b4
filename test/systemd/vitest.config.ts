import { defineConfig } from "vitest/config";

/** `.ci/systemd`: what wants root and a systemd. */
export default defineConfig({
  test: {
    include: ["test/systemd/*.trial.ts"],
    globalSetup: ["test/global-setup.ts"],
    reporters: ["verbose"],
    // A machine waits for its services most of the time.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
