import { once } from "node:events";
import { connect as connectTo, createServer, type Server, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { fixture } from "../fixtures/fixture.ts";
import { Daemon } from "./daemon.ts";
import { connect, openTui, openTuiWith, password, startDirectory } from "./directory.ts";
import type { Terminal } from "./pty.ts";

/** A way to the daemon that can be cut and mended. */
class Line {
  readonly #to: number;
  readonly #sockets = new Set<Socket>();
  #server: Server | null = null;
  port = 0;

  constructor(to: number) {
    this.#to = to;
  }

  async mend(): Promise<void> {
    const server = createServer((near) => {
      const far = connectTo(this.#to, "127.0.0.1");
      for (const socket of [near, far]) {
        this.#sockets.add(socket);
        socket
          .on("error", () => {})
          .once("close", () => {
            near.destroy();
            far.destroy();
          });
      }
      near.pipe(far).pipe(near);
    });
    this.#server = server.listen(this.port, "127.0.0.1");
    await once(server, "listening");
    this.port = (server.address() as { port: number }).port;
  }

  cut(): void {
    this.#server?.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}

async function signIn(terminal: Terminal): Promise<void> {
  await terminal.shows("Sign in to");
  terminal.fill("ada", password);
  terminal.press("signIn");
}

/** Whether the row that shows it is drawn as what may be out of date. */
function isDim(terminal: Terminal, shown: string): boolean {
  const row = terminal
    .text()
    .split("\n")
    .findIndex((line) => line.includes(shown));
  const line = terminal.emulator.buffer.active.getLine(terminal.emulator.buffer.active.viewportY + row);
  const column = line?.translateToString(true).indexOf(shown) ?? -1;
  return (line?.getCell(column)?.isDim() ?? 0) !== 0;
}

test("while the daemon is away the list is marked stale and tries again ever later; then the session goes on, with what was missed", async () => {
  const { daemon, tool } = await startDirectory();
  await tool.call("users.create", { username: "grace" });
  const line = new Line(Number(new URL(daemon.url).port));
  await line.mend();
  onTestFinished(() => line.cut());
  const terminal = openTui("--url", `ws://127.0.0.1:${line.port}`);
  await signIn(terminal);
  await terminal.shows("2 users");
  terminal.press("last");
  await terminal.shows(/› active\s+grace/);
  expect(isDim(terminal, "Ada Lovelace")).toBe(false);

  line.cut();
  await daemon.kill();
  await terminal.shows(/Connection lost, trying again in 1 s: /);
  await terminal.shows("● stale");
  expect(isDim(terminal, "Ada Lovelace")).toBe(true);
  await terminal.shows(/trying again in [2-9] s/);

  await daemon.restart();
  const again = await connect(daemon);
  await again.call("users.create", { username: "made-meanwhile" });
  await again.call("users.disable", { user: "grace" });
  await line.mend();
  await terminal.shows("● live");
  await terminal.shows("3 users");
  await terminal.shows(/› disabled\s+grace/);
  expect(terminal.text()).toContain("made-meanwhile");
  expect(isDim(terminal, "Ada Lovelace")).toBe(false);
  expect((await again.call("sessions.list", { user: "ada" })).total).toBe(1);
});

test("what is typed while the daemon is away stays, is refused with why, and goes through once it is back", async () => {
  const { daemon, tool } = await startDirectory();
  const line = new Line(Number(new URL(daemon.url).port));
  await line.mend();
  onTestFinished(() => line.cut());
  const terminal = openTui("--url", `ws://127.0.0.1:${line.port}`);
  await signIn(terminal);
  await terminal.shows("1 user");
  terminal.press("create");
  await terminal.shows("Kind of account");
  terminal.type("half");

  line.cut();
  await terminal.shows("Connection lost");
  terminal.type("-typed");
  await terminal.shows(/User name\s+half-typed/);
  terminal.press("submit");
  await terminal.shows("Not connected to the daemon; nothing was sent");
  expect(terminal.text()).toMatch(/User name\s+half-typed/);

  await line.mend();
  await terminal.shows("● live");
  terminal.press("submit");
  await terminal.shows("half-typed is made. The first password:");
  expect((await tool.call("sessions.list", { user: "ada" })).total).toBe(1);
});

test("a certificate of an unknown authority is refused before a password can be typed; with the authority told one signs in", async () => {
  const [cert, key] = [fixture("tls/localhost.crt"), fixture("tls/localhost.key")];
  const daemon = await Daemon.start(["--tls-cert", cert, "--tls-key", key]);
  onTestFinished(() => daemon.remove());
  const tool = await connect(daemon);
  await tool.call("users.create", { username: "ada", password, roles: ["admin"], mustChangePassword: false });
  const args = ["--url", daemon.url];
  const stranger = openTuiWith({ args, env: { NODE_TLS_REJECT_UNAUTHORIZED: "0", NODE_NO_WARNINGS: "1" } });
  await stranger.shows(
    /the certificate of wss:.* is of an authority unknown\s+here:[\s\S]*NODE_EXTRA_CA_CERTS/,
  );
  expect(await stranger.exited).toBe(1);
  expect(stranger.text()).not.toContain("Sign in");

  const friend = openTuiWith({ args, env: { NODE_EXTRA_CA_CERTS: fixture("tls/ca.crt") } });
  await signIn(friend);
  await friend.shows("1 user");
  await friend.shows("● live");
});
