import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { startForeignDirectory } from "./directory.ts";

const wscat = fileURLToPath(new URL("../../node_modules/wscat/bin/wscat", import.meta.url));
const directory = startForeignDirectory();

/** wscat, which sends these frames once it is connected; the result gives its next message. */
function startWscat(url: string, frames: object[]): () => Promise<unknown> {
  // Without a terminal it prints each message as a line; it goes on for a minute unless it is ended before.
  const args = [
    "--connect",
    url,
    "--wait",
    "60",
    ...frames.flatMap((frame) => ["-x", JSON.stringify(frame)]),
  ];
  const child = spawn(process.execPath, [wscat, ...args], { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => void child.kill());
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error("wscat has ended");
    return JSON.parse(value);
  };
}

test("with wscat one logs in, lists, rotates a key and receives an event", async () => {
  const { url, secret, keyId, createUser } = directory();
  const next = startWscat(url, [
    { jsonrpc: "2.0", id: 1, method: "auth.loginWithKey", params: { key: secret } },
    { jsonrpc: "2.0", id: 2, method: "users.list", params: {} },
    { jsonrpc: "2.0", id: 3, method: "keys.rotate", params: { id: keyId } },
    { jsonrpc: "2.0", id: 4, method: "events.subscribe", params: { topics: ["users"] } },
  ]);
  const answers = [await next(), await next(), await next(), await next()];
  const byId = answers.toSorted((a, b) => (a as { id: number }).id - (b as { id: number }).id);
  expect(byId).toMatchObject([
    { id: 1, result: { principal: { username: "octoprint" } } },
    { id: 2, result: { total: 1 } },
    {
      id: 3,
      result: { secret: expect.stringMatching(/^rk_/), previous: { id: keyId, status: "retiring" } },
    },
    { id: 4, result: { subscription: expect.any(String) } },
  ]);
  await createUser("heard");
  expect(await next()).toMatchObject({
    method: "event",
    params: { type: "user.created", subject: { name: "heard" } },
  });
});
