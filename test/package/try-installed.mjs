// Uses the installed package as a person does, under the Node that runs this: node try-installed.mjs PREFIX
import assert from "node:assert/strict";
import { execFile, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { WebSocket } from "ws";

const [prefix] = process.argv.slice(2);
const data = mkdtempSync(join(tmpdir(), "roster-installed-"));
const socket = join(data, "rosterd.sock");
const PATH = [join(prefix, "bin"), dirname(process.execPath), process.env.PATH].join(delimiter);
const env = { PATH, HOME: data, TERM: "xterm-256color" };
const run = promisify(execFile);
const roster = async (...args) => (await run("roster", ["--socket", socket, ...args], { env })).stdout;

const begun = performance.now();
const daemon = spawn("rosterd", ["--data", data, "--listen", "127.0.0.1:0"], {
  env,
  stdio: ["ignore", "pipe", "inherit"],
});
try {
  const { url } = await ready(daemon.stdout);
  const readyMs = performance.now() - begun;

  const { user } = JSON.parse(await roster("call", "users.create", '{"username":"ada","roles":["admin"]}'));
  assert.equal(user.username, "ada");
  assert.match(await roster("export", "--format", "csv"), /^username.*\nada,/);
  assert.match(await roster("describe", "keys.rotate"), /^keys\.rotate: /);
  assert.match(await roster("completion", "bash"), /_roster/);
  const health = spawnSync("roster", ["--version"], { env, encoding: "utf8" });
  assert.match(health.stdout, /^\d+\.\d+\.\d+\n$/);
  assert.match(await metrics(), /^roster_store_users 1$/m);
  await callByTypedClient(url);
  const isTuiTried = await tryTui();

  daemon.kill("SIGTERM");
  const [status] = await once(daemon, "exit");
  assert.equal(status, 0);
  const tui = isTuiTried ? "" : " (no program `script` here: the terminal UI was not tried)";
  process.stdout.write(
    `Node ${process.versions.node}: works; rosterd is ready after ${readyMs.toFixed(0)} ms${tui}\n`,
  );
} finally {
  daemon.kill("SIGKILL");
  rmSync(data, { recursive: true, force: true });
}

async function ready(stdout) {
  for await (const line of createInterface({ input: stdout })) {
    const entry = JSON.parse(line);
    if (entry.msg !== "ready") continue;
    stdout.resume();
    return entry;
  }
  throw new Error("rosterd ended before it was ready");
}

async function metrics() {
  const { get } = await import("node:http");
  const [response] = await once(get({ socketPath: socket, path: "/metrics" }), "response");
  let text = "";
  for await (const piece of response.setEncoding("utf8")) text += piece;
  return text;
}

async function callByTypedClient(url) {
  const { createClient } = await import(join(prefix, "lib/node_modules/roster/dist/protocol/index.js"));
  const client = createClient({
    connect: async () => {
      const socket = new WebSocket(url);
      await once(socket, "open");
      return {
        send: (text) => socket.send(text, () => {}),
        close: () => socket.close(),
        onMessage: (listener) => socket.on("message", (data) => listener(data.toString())),
        onClose: (listener) => socket.once("close", (code, reason) => listener(code, reason.toString())),
      };
    },
  });
  await client.online();
  assert.equal((await client.call("auth.whoami", {})).kind, "anonymous");
  client.close();
}

/** In a terminal that util-linux's `script` makes; Ctrl-C ends it once it shows the users. */
async function tryTui() {
  const terminal = spawn("script", ["-qfec", `roster --socket ${socket}`, "/dev/null"], { env });
  let shown = "";
  terminal.stdout.setEncoding("utf8").on("data", (text) => {
    shown += text;
    if (shown.includes("ada")) terminal.stdin.end("\u0003");
  });
  const tooLate = setTimeout(() => terminal.kill(), 20_000);
  try {
    const [status] = await once(terminal, "close");
    assert.equal(status, 0, shown);
    return true;
  } catch (error) {
    if (error.code === "ENOENT") return false;
    throw error;
  } finally {
    clearTimeout(tooLate);
  }
}
