import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.{ts,tsx}"],
    globalSetup: ["test/global-setup.ts"],
    // Most files wait for processes of their own: one worker fewer than cores, the default, leaves a small machine idle.
    maxWorkers: "100%",
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // What is waited for has as long as a loaded machine needs: the default is a second.
    expect: { poll: { timeout: 15_000 } },
  },
});
