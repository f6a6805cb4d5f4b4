import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Program } from "../e2e/program.ts";
import { root } from "../readme-blocks.ts";
import { readProjectFile } from "./generated.ts";

test("the code of docs/client.md compiles against the package as others install it", async () => {
  const blocks = [...readProjectFile("docs/client.md").matchAll(/^```ts\n(.*?)^```$/gms)].map(
    ([, code]) => code,
  );
  expect(blocks.length).toBeGreaterThan(4);
  const directory = mkdtempSync(join(tmpdir(), "roster-client-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  mkdirSync(join(directory, "node_modules"));
  symlinkSync(root, join(directory, "node_modules/roster"));
  for (const name of ["ws", "@types"]) {
    symlinkSync(join(root, "node_modules", name), join(directory, "node_modules", name));
  }
  writeFileSync(join(directory, "package.json"), '{"type":"module"}');
  writeFileSync(join(directory, "client.ts"), blocks.join("\n"));
  const options = "--strict --noEmit --target es2023 --module nodenext --types node --skipLibCheck false";
  const tsc = new Program(join(root, "node_modules/.bin/tsc"), [...options.split(" "), "client.ts"], {
    cwd: directory,
  });
  expect(await tsc.ended).toEqual({ status: 0, stdout: "", stderr: "" });
});
