#!/usr/bin/env node
// Stands in for curl where there is none: just what docs/operations.md asks of it.
import { get } from "node:http";
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    silent: { type: "boolean" },
    fail: { type: "boolean" },
    "unix-socket": { type: "string" },
  },
});
get(positionals[0], { socketPath: values["unix-socket"] }, (response) => {
  if (values.fail && response.statusCode >= 400) process.exit(22);
  response.pipe(process.stdout);
});
