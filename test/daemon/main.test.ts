import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, copyFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { spawn as spawnTerminal } from "@lydell/node-pty";
import { expect, onTestFinished, test } from "vitest";
import { fixture } from "../fixtures/fixture.ts";
import { RawClient } from "./raw-client.ts";

const program = fileURLToPath(new URL("../../dist/daemon/main.js", import.meta.url));

interface Line {
  level: string;
  msg: string;
  url?: string;
  socket?: string;
  err?: unknown;
}

/** The real program, from the built files. */
class Process {
  readonly lines: Line[] = [];
  readonly #child;
  readonly #ended: Promise<number | null>;
  stdout = "";
  stderr = "";

  /** `raw`: what it prints is no log. */
  constructor(argv: string[], { raw = false } = {}) {
    this.#child = spawn(process.execPath, [program, ...argv], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: process.env.PATH, HOME: "/nonexistent" },
    });
    this.#child.stderr.on("data", (data) => {
      this.stderr += data;
    });
    createInterface({ input: this.#child.stdout }).on("line", (line) => {
      this.stdout += `${line}\n`;
      if (!raw) this.lines.push(JSON.parse(line));
    });
    this.#ended = once(this.#child, "close").then(([status]) => status);
    onTestFinished(() => void this.#child.kill("SIGKILL"));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** The exit status. */
  get ended(): Promise<number | null> {
    return this.#ended;
  }

  ready(): Promise<Line> {
    return this.says("ready");
  }

  /** The first line whose message begins so; waits for it. */
  async says(message: string): Promise<Line> {
    for (;;) {
      const line = this.lines.find(({ msg }) => msg.startsWith(message));
      if (line) return line;
      const status = await Promise.race([
        this.#ended,
        once(this.#child.stdout, "data").then(() => undefined),
      ]);
      if (status !== undefined) throw new Error(`ended with ${status}: ${JSON.stringify(this.lines)}`);
    }
  }
}

async function temporary(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "roster-main-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

const rosterd = (...argv: string[]) => new Process(["--listen", "127.0.0.1:0", ...argv]);

/** The one line that says why it did not start. */
async function failure(started: Process): Promise<string> {
  expect(await started.ended).toBe(1);
  expect(started.stderr).toBe("");
  const fatal = started.lines.filter(({ level }) => level === "fatal");
  expect(fatal).toHaveLength(1);
  expect(fatal[0]?.err).toBeUndefined();
  expect(fatal[0]?.msg).toMatch(/^Cannot start: [^\n]+$/);
  return fatal[0]?.msg ?? "";
}

test.each(["SIGTERM", "SIGINT"] as const)(
  "%s ends it with status 0, and everything is let go of",
  async (signal) => {
    const data = await temporary();
    const started = rosterd("--data", data);
    const { url = "", socket } = await started.ready();
    expect(socket).toBe(join(data, "rosterd.sock"));
    const client = await RawClient.open(url);
    expect(await client.call("system.ping", {})).toHaveProperty("at");
    started.kill(signal);
    expect(await started.ended).toBe(0);
    expect(await client.closed).toMatchObject({ code: 1001 });
    expect(await readdir(data)).not.toContain("rosterd.sock");

    const again = rosterd("--data", data, "--listen", new URL(url).host);
    expect(await again.ready()).toMatchObject({ url });
  },
);

test("what was acknowledged is there after kill -9, and the dead daemon's socket is no obstacle", async () => {
  const data = await temporary();
  const started = rosterd("--data", data);
  await started.ready();
  const unixUrl = `ws+unix://${join(data, "rosterd.sock")}:/rpc`;
  await (await RawClient.open(unixUrl)).call("users.create", { username: "mia" });
  started.kill("SIGKILL");
  await started.ended;
  expect(await readdir(data)).toContain("rosterd.sock");

  await rosterd("--data", data).ready();
  const client = await RawClient.open(unixUrl);
  expect(await client.call("users.get", { user: "mia" })).toMatchObject({ username: "mia" });
});

test("a second daemon on the same data names the first one's pid", async () => {
  const data = await temporary();
  const first = rosterd("--data", data);
  await first.ready();
  const second = rosterd("--data", data, "--socket", "off");
  expect(await failure(second)).toContain(String(first.pid));
});

test("a port in use is named with the way out", async () => {
  const occupant = createServer().listen(0, "127.0.0.1");
  await once(occupant, "listening");
  onTestFinished(() => void occupant.close());
  const { port } = occupant.address() as AddressInfo;
  const message = await failure(new Process(["--data", await temporary(), "--listen", `127.0.0.1:${port}`]));
  expect(message).toContain(`127.0.0.1:${port} is in use`);
  expect(message).toContain("--listen");
});

test("a socket on which somebody else answers is left alone", async () => {
  const path = join(await temporary(), "other.sock");
  const occupant = createServer().listen(path);
  await once(occupant, "listening");
  onTestFinished(() => void occupant.close());
  expect(await failure(rosterd("--data", await temporary(), "--socket", path))).toContain(path);
  expect(occupant.listening).toBe(true);
});

test("a file in the way of the socket is left alone", async () => {
  const path = join(await temporary(), "precious");
  await writeFile(path, "precious");
  expect(await failure(rosterd("--data", await temporary(), "--socket", path))).toContain("is not a socket");
});

test("a data directory that others may read is refused with the command that mends it", async () => {
  const data = await temporary();
  await chmod(data, 0o755);
  expect(await failure(rosterd("--data", data))).toContain(`chmod 0700 '${data}'`);
});

test("a data directory that cannot be made is named", async () => {
  const file = join(await temporary(), "file");
  await writeFile(file, "");
  expect(await failure(rosterd("--data", join(file, "data")))).toContain(join(file, "data"));
});

test("a data directory that cannot be written is named", async () => {
  // Not even root writes there, and under /proc a missing parent is not why.
  for (const data of ["/sys/roster", "/proc/roster/data"]) {
    expect(await failure(rosterd("--data", data))).toContain(`${data}: the data directory cannot be made`);
  }
});

test("a damaged directory is refused, never taken for an empty one", async () => {
  const data = await temporary();
  const first = rosterd("--data", data);
  await first.ready();
  first.kill("SIGTERM");
  await first.ended;
  await writeFile(join(data, "users.json"), "{");
  expect(await failure(rosterd("--data", data))).toContain("users.json");
});

/** The one line on standard error that says what is wrong with the configuration. */
async function misconfigured(started: Process): Promise<string> {
  expect(await started.ended).toBe(2);
  expect(started.stderr).toMatch(/^rosterd: [^\n]+\n$/);
  return started.stderr;
}

test("a mistake in the file is told with line and nearest key, at a start and by config check", async () => {
  const file = join(await temporary(), "rosterd.toml");
  await writeFile(file, '[tls]\nsert = "x"\n');
  for (const argv of [[], ["config", "check"], ["config", "show"]]) {
    const message = await misconfigured(new Process([...argv, "--config", file]));
    expect(message).toBe(`rosterd: ${file}:2: unknown key "tls.sert": did you mean "tls.cert"?\n`);
  }
});

test("config check also looks at the certificate, and is quiet about a good one", async () => {
  const file = join(await temporary(), "rosterd.toml");
  await writeFile(file, `tls.cert = "${fixture("tls/localhost.crt")}"\ntls.key = "absent.key"\n`);
  const message = await misconfigured(new Process(["config", "check", "--config", file]));
  expect(message).toMatch(/tls.key: .*absent.key cannot be read \(ENOENT\)/);

  const key = fixture("tls/localhost.key");
  const good = new Process(["config", "check", "--config", file, "--tls-key", key], { raw: true });
  expect(await good.ended).toBe(0);
  expect(good.stdout).toBe(`The configuration is good: ${file}\n`);
  expect(good.stderr).toBe("");
});

test("config show prints every value and where it comes from", async () => {
  const started = new Process(["config", "show", "--data", "/srv/roster"], { raw: true });
  expect(await started.ended).toBe(0);
  expect(started.stdout).toMatch(/^data += "\/srv\/roster" {2}# --data$/m);
  expect(started.stdout).toMatch(/^limits.batchEntries += 50 {2}# default$/m);
});

test("a certificate that cannot be served keeps it from starting, with status 2", async () => {
  const [cert, key] = [fixture("tls/localhost.crt"), fixture("tls/elsewhere.key")];
  const started = rosterd("--data", await temporary(), "--tls-cert", cert, "--tls-key", key);
  expect(await started.ended).toBe(2);
  expect(started.lines.map(({ msg }) => msg)).toEqual([
    `Cannot start: tls.key: ${key} is not the key of the certificate ${cert}`,
  ]);
});

test("password.scrypt is the cost at which passwords are kept", async () => {
  const data = await temporary();
  const file = join(await temporary(), "rosterd.toml");
  await writeFile(file, '[password]\nscrypt = "2^14/8/5"\n');
  const started = rosterd("--data", data, "--config", file);
  await started.ready();
  const client = await RawClient.open(`ws+unix://${join(data, "rosterd.sock")}:/rpc`);
  await client.call("users.create", { username: "mia", generatePassword: true });
  started.kill("SIGTERM");
  await started.ended;
  const [, hash = ""] =
    /"passwordHash":"([^"]+)"/.exec(await readFile(join(data, "users.json"), "utf8")) ?? [];
  // Tarsnap's format has logN at 7, and r and p from 8 on.
  const record = Buffer.from(hash, "base64");
  expect([record[7], record.readUInt32BE(8), record.readUInt32BE(12)]).toEqual([14, 8, 5]);
});

test("with TLS it serves wss, and SIGHUP reads the certificate again", async () => {
  const data = await temporary();
  const [cert, key] = [join(data, "tls.crt"), join(data, "tls.key")];
  await copyFile(fixture("tls/localhost.crt"), cert);
  await copyFile(fixture("tls/localhost.key"), key);
  await chmod(data, 0o700);
  const started = rosterd("--data", data, "--tls-cert", cert, "--tls-key", key);
  const { url = "" } = await started.ready();
  const client = await RawClient.open(url, { ca: await readFile(fixture("tls/ca.crt")) });
  expect(await client.call("system.ping", {})).toHaveProperty("at");
  started.kill("SIGHUP");
  await started.says("Reloaded the certificate");
  await writeFile(key, "no key");
  started.kill("SIGHUP");
  await started.says("The certificate stays as it was");
  expect(await client.call("system.ping", {})).toHaveProperty("at");
  started.kill("SIGTERM");
  expect(await started.ended).toBe(0);
});

test("without TLS SIGHUP does not end it: the configuration is read again, and a bad one changes nothing", async () => {
  const data = await temporary();
  const file = join(await temporary(), "rosterd.toml");
  await writeFile(file, 'logLevel = "info"\n');
  const started = rosterd("--data", data, "--config", file);
  await started.ready();
  const client = await RawClient.open(`ws+unix://${join(data, "rosterd.sock")}:/rpc`);

  await writeFile(file, 'listen = "127.0.0.1:1"\n[presence]\nstatuses = ["In", "Out"]\n');
  started.kill("SIGHUP");
  await started.says("Reloaded the configuration: presence.statuses");
  expect(await client.call("presence.statuses", {})).toEqual({ statuses: ["In", "Out"] });

  await writeFile(file, '[presence]\nstatus = ["In"]\n');
  started.kill("SIGHUP");
  const { level, msg } = await started.says("The configuration stays as it was");
  expect(level).toBe("error");
  expect(msg).toMatch(/rosterd\.toml:2: unknown key .*statuses/);
  expect(await client.call("presence.statuses", {})).toEqual({ statuses: ["In", "Out"] });
  started.kill("SIGTERM");
  expect(await started.ended).toBe(0);
});

test("a daemon in a terminal goes on at SIGHUP, and ends cleanly when the terminal goes away", async () => {
  const data = await temporary();
  const socket = join(data, "rosterd.sock");
  const argv = [program, "--data", data, "--listen", "off"];
  const terminal = spawnTerminal(process.execPath, argv, { env: { PATH: process.env.PATH ?? "" } });
  let written = "";
  const writes = (text: string) =>
    new Promise<void>((resolve) => {
      terminal.onData((piece) => {
        written += piece;
        if (written.includes(text)) resolve();
      });
    });
  const ended = new Promise((resolve) => terminal.onExit(resolve));
  await writes("ready");
  terminal.kill("SIGHUP");
  await writes("Reloaded the configuration");
  const client = await RawClient.open(`ws+unix://${socket}:/rpc`);

  // What closing the window does; the package's types leave it out.
  (terminal as typeof terminal & { destroy(): void }).destroy();
  expect(await client.closed).toMatchObject({ code: 1001 });
  await ended;
});

test("wrong usage is one line on standard error and status 2", async () => {
  const started = new Process(["--prot", "7420"]);
  expect(await started.ended).toBe(2);
  expect(started.lines).toEqual([]);
  expect(started.stderr).toMatch(/^rosterd: [^\n]*--prot[^\n]*\n$/);
});
