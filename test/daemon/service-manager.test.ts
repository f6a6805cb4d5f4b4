import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { expect, onTestFinished, test, vi } from "vitest";
import { Program } from "../e2e/program.ts";
import { RawClient } from "./raw-client.ts";

const rosterd = fileURLToPath(new URL("../../dist/daemon/main.js", import.meta.url));

function temporary(): string {
  const directory = mkdtempSync(join(tmpdir(), "roster-manager-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

interface Listener {
  descriptor: number;
  /** Of TCP. */
  port: number;
}

/**
 * Listens as a socket unit does: on a thread that then stands still, for whoever listens in this process would take
 * connections that are meant for the daemon.
 */
async function listening(where: string | { host: string; port: number }): Promise<Listener> {
  const thread = new Worker(
    `const { parentPort, workerData } = require("node:worker_threads");
    const server = require("node:net").createServer().listen(workerData, () => {
      parentPort.postMessage({ descriptor: server._handle.fd, port: server.address().port });
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    });`,
    { eval: true, workerData: where },
  );
  onTestFinished(() => void thread.terminate());
  const [listener] = await once(thread, "message");
  return listener;
}

interface Start {
  data?: string;
  argv?: string[];
  env?: Record<string, string>;
  /** Handed down as descriptors 3, 4 …. */
  listeners?: Listener[];
}

/** Starts the daemon as systemd does: in a shell that becomes it, for `$LISTEN_PID` is its own process id. */
function start({ data = temporary(), argv = [], env = {}, listeners = [] }: Start) {
  const command = ["exec", process.execPath, rosterd, "--data", data, ...argv].join(" ");
  const shell = `LISTEN_PID=$$ LISTEN_FDS=${listeners.length} ${command}`;
  const child = spawn("sh", ["-c", shell], {
    stdio: ["ignore", "pipe", "inherit", ...listeners.map(({ descriptor }) => descriptor)],
    env: { PATH: process.env.PATH, HOME: "/nonexistent", ...env },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const lines: { msg: string; level: string; url?: string; socket?: string }[] = [];
  createInterface({ input: child.stdout as Readable }).on("line", (line) => lines.push(JSON.parse(line)));
  const ended = once(child, "close").then(([status]) => status as number);
  const says = (message: string) =>
    vi.waitFor(() => {
      const line = lines.find(({ msg }) => msg.startsWith(message));
      if (!line) throw new Error(`no line ${message} among ${JSON.stringify(lines)}`);
      return line;
    }, 15_000);
  return { child, ended, says };
}

test("sockets that are handed down are served, and stay when the daemon ends", async () => {
  const path = join(temporary(), "handed.sock");
  const unix = await listening(path);
  chmodSync(path, 0o660);
  const tcp = await listening({ host: "127.0.0.1", port: 0 });
  const { port } = tcp;

  // As if by `rosterd.socket`; what the configuration says of addresses does not matter then.
  const daemon = start({ listeners: [tcp, unix], argv: ["--listen", "127.0.0.1:1"] });
  const ready = await daemon.says("ready");
  expect(ready).toMatchObject({ url: `ws://127.0.0.1:${port}/rpc`, socket: path });
  const operator = await RawClient.open(`ws+unix://${path}:/rpc`);
  expect(await operator.call("auth.whoami", {})).toMatchObject({ kind: "local" });
  const stranger = await RawClient.open(ready.url ?? "");
  expect(await stranger.call("auth.whoami", {})).toMatchObject({ kind: "anonymous" });

  daemon.child.kill("SIGTERM");
  expect(await daemon.ended).toBe(0);
  const next = start({ listeners: [unix], argv: ["--listen", "off"] });
  expect(await next.says("ready")).toMatchObject({ url: null, socket: path });
});

test("a Unix socket that others may open is refused, with the line for the socket unit", async () => {
  const path = join(temporary(), "handed.sock");
  const unix = await listening(path);
  chmodSync(path, 0o666);
  const daemon = start({ listeners: [unix], argv: ["--listen", "off"] });
  expect(await daemon.ended).toBe(1);
  expect((await daemon.says("Cannot start")).msg).toBe(
    `Cannot start: others may open the socket ${path} (mode 0666): write SocketMode=0660 in the socket unit`,
  );
});

test("a TCP socket beyond loopback is refused without TLS, as one of the configuration is", async () => {
  const tcp = await listening({ host: "0.0.0.0", port: 0 });
  const daemon = start({ listeners: [tcp], argv: ["--socket", "off"] });
  expect(await daemon.ended).toBe(1);
  expect((await daemon.says("Cannot start")).msg).toMatch(/listens on 0\.0\.0\.0.*--insecure-tcp/);
  const trusted = start({ listeners: [tcp], argv: ["--socket", "off", "--insecure-tcp"] });
  expect(await trusted.says("ready")).toMatchObject({ socket: null });
});

test("two sockets of a kind are refused", async () => {
  const listeners = [
    await listening({ host: "127.0.0.1", port: 0 }),
    await listening({ host: "127.0.0.1", port: 0 }),
  ];
  const daemon = start({ listeners });
  expect(await daemon.ended).toBe(1);
  expect((await daemon.says("Cannot start")).msg).toContain("hands down two tcp sockets");
});

test("descriptors meant for another process are left alone", async () => {
  const tcp = await listening({ host: "127.0.0.1", port: 0 });
  const { port } = tcp;
  const child = new Program(process.execPath, [rosterd, "--data", temporary(), "--listen", "127.0.0.1:0"], {
    env: { PATH: process.env.PATH ?? "", HOME: "/nonexistent", LISTEN_PID: "1", LISTEN_FDS: "1" },
  });
  onTestFinished(() => void child.process.kill("SIGKILL"));
  await child.says(/"msg":"ready"/);
  expect(child.stdout).not.toContain(`:${port}/rpc`);
});

/** A program `systemd-notify` that writes down what it is told. */
function fakeSystemdNotify(): { env: Record<string, string>; told: () => string[] } {
  const directory = temporary();
  const record = join(directory, "told");
  writeFileSync(record, "");
  const script = `#!/bin/sh\necho "$NOTIFY_SOCKET $*" >> ${record}\n`;
  writeFileSync(join(directory, "systemd-notify"), script, { mode: 0o755 });
  const env = { PATH: `${directory}${delimiter}${process.env.PATH}`, NOTIFY_SOCKET: "/run/fake/notify" };
  return { env, told: () => readFileSync(record, "utf8").trimEnd().split("\n") };
}

test("systemd hears that it serves, that it is alive, and that it stops", async () => {
  const { env, told } = fakeSystemdNotify();
  const argv = ["--listen", "127.0.0.1:0"];
  const daemon = start({ argv, env: { ...env, WATCHDOG_USEC: "200000" } });
  await daemon.says("ready");
  // A program each, side by side: which of them writes first is nobody's promise.
  const times = (message: string) => told().filter((line) => line === `/run/fake/notify ${message}`).length;
  await expect.poll(() => times("--ready")).toBe(1);
  await expect.poll(() => times("WATCHDOG=1")).toBeGreaterThan(1);
  daemon.child.kill("SIGTERM");
  expect(await daemon.ended).toBe(0);
  await expect.poll(() => times("STOPPING=1")).toBe(1);
});

test("without systemd-notify the daemon serves all the same, and the log says what is missing", async () => {
  const env = { PATH: temporary(), NOTIFY_SOCKET: "/run/fake/notify" };
  const shell = spawnSync("sh", ["-c", "command -v sh"], { encoding: "utf8" }).stdout.trim();
  expect(shell).not.toBe("");
  const child = new Program(process.execPath, [rosterd, "--data", temporary(), "--listen", "127.0.0.1:0"], {
    env: { ...env, HOME: "/nonexistent" },
  });
  onTestFinished(() => void child.process.kill("SIGKILL"));
  await child.says(/"msg":"ready"/);
  await child.says(/systemd was not told --ready/);
});

const isThere = (command: string) => spawnSync(command, ["--version"]).status === 0;
const absent = ["systemd-notify", "perl"].filter((command) => !isThere(command));

test.skipIf(absent.length > 0)(
  `over a real notification socket${absent.length > 0 ? ` (${absent.join(", ")} is not installed here)` : ""}`,
  async () => {
    const path = join(temporary(), "notify.sock");
    // Node has no datagram sockets on Unix paths.
    const program = `use Socket; $| = 1; socket(my $s, AF_UNIX, SOCK_DGRAM, 0) or die;
      bind($s, sockaddr_un($ARGV[0])) or die; print "bound\\n";
      while (defined recv($s, my $message, 4096, 0)) { $message =~ tr/\\n/ /; print "$message\\n"; }`;
    const manager = new Program("perl", ["-e", program, path]);
    onTestFinished(() => void manager.process.kill("SIGKILL"));
    await manager.says(/bound/);
    const env = { NOTIFY_SOCKET: path, WATCHDOG_USEC: "1000000" };
    const daemon = start({ argv: ["--listen", "127.0.0.1:0"], env });
    await manager.says(/READY=1/);
    await manager.says(/WATCHDOG=1/);
    daemon.child.kill("SIGTERM");
    await manager.says(/STOPPING=1/);
    expect(await daemon.ended).toBe(0);
  },
);
