import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
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
  stderr = "";

  constructor(argv: string[]) {
    this.#child = spawn(process.execPath, [program, ...argv], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: process.env.PATH, HOME: "/nonexistent" },
    });
    this.#child.stderr.on("data", (data) => {
      this.stderr += data;
    });
    createInterface({ input: this.#child.stdout }).on("line", (line) => this.lines.push(JSON.parse(line)));
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

  async ready(): Promise<Line> {
    for (;;) {
      const line = this.lines.find(({ msg }) => msg === "ready");
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

test("wrong usage is one line on standard error and status 2", async () => {
  const started = new Process(["--prot", "7420"]);
  expect(await started.ended).toBe(2);
  expect(started.lines).toEqual([]);
  expect(started.stderr).toMatch(/^rosterd: [^\n]*--prot[^\n]*\n$/);
});
