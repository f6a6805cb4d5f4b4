import { defineConfig } from "rolldown";

/** Each program in one file, for it starts in half the time: see test/bench/README.md, `start`. */
const program = {
  platform: "node",
  output: { cleanDir: true, entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js" },
} as const;

export default defineConfig([
  {
    ...program,
    input: { main: "daemon/main.ts" },
    output: { ...program.output, dir: "dist/daemon" },
  },
  {
    ...program,
    input: { main: "tui/main.tsx" },
    external: ["react-devtools-core"],
    // React's and Ink's development builds are slow and print warnings; Yoga asks whether there is a fetch, which Node
    // then loads for nothing.
    transform: {
      define: { "process.env.NODE_ENV": '"production"', "process.env.DEV": '"false"', fetch: "undefined" },
    },
    output: { ...program.output, dir: "dist/tui" },
  },
]);
