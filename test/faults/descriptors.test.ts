import { connect as connectSocket, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { Daemon } from "../e2e/daemon.ts";
import { tell } from "./effort.ts";
import { connect } from "./writers.ts";

const OPEN_FILES = 80;
const SOCKETS = 200;

test("with its descriptors taken by strangers the daemon lives, serves whom it has, says so, and is well again after", async (context) => {
  const daemon = await Daemon.start([], { openFiles: OPEN_FILES });
  onTestFinished(() => daemon.remove());
  expect(daemon.log.join()).toContain("The limit of open files leaves no room for all connections");
  const served = await connect(daemon.socket);

  const strangers = await Promise.all(Array.from({ length: SOCKETS }, () => takeSocket(daemon)));
  const dropped = () => strangers.filter(({ closed }) => closed).length;
  await expect.poll(dropped).toBeGreaterThan(SOCKETS - OPEN_FILES);
  await expect.poll(() => daemon.log.join()).toContain("new connections are dropped");
  await served.call("users.create", { username: "meanwhile" });
  const newcomer = await connect(daemon.socket);
  expect((await newcomer.call("users.list", {})).total).toBe(1);
  expect((await newcomer.call("audit.query", {})).items[0]).toMatchObject({ type: "user.created" });
  newcomer.close();
  served.close();

  tell(context, `${OPEN_FILES} descriptors, ${SOCKETS} sockets, ${dropped()} dropped`);
  for (const stranger of strangers) stranger.destroy();
  await expect.poll(() => statusOf(daemon)).toBe(200);
});

/** A socket over TCP that says nothing; resolves when the system has connected it. */
function takeSocket(daemon: Daemon): Promise<Socket> {
  const { port } = new URL(daemon.url);
  const socket = connectSocket(Number(port), "127.0.0.1")
    .on("error", () => {})
    .resume();
  return new Promise((resolve) => socket.once("connect", () => resolve(socket)));
}

async function statusOf(daemon: Daemon): Promise<number | string> {
  const { host } = new URL(daemon.url);
  return fetch(`http://${host}/readyz`).then(
    ({ status }) => status,
    (error: Error) => error.message,
  );
}
