import { appendFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Client } from "../../protocol/index.ts";
import { Daemon } from "../e2e/daemon.ts";
import { Mount, whyNoMounts } from "./mounts.ts";
import { connect } from "./writers.ts";

const MIB = 1024 * 1024;

test("on a full disk changes get 503, reads go on, /readyz says why, and it heals once there is room", async (context) => {
  context.skip(whyNoMounts() !== null, whyNoMounts() ?? "");
  const mount = Mount.tmpfs(2 * MIB);
  const filler = join(mount.directory, "filler");
  await breakAndHeal(
    mount,
    async () => fill(filler),
    async () => rmSync(filler),
    "ENOSPC",
  );
});

test("on a disk that turned read-only it is the same, once it is mounted again", async (context) => {
  context.skip(whyNoMounts() !== null, whyNoMounts() ?? "");
  const mount = Mount.ext4("errors=remount-ro");
  await breakAndHeal(
    mount,
    async () => mount.failReadOnly(),
    async () => {
      mount.unmount();
      mount.mount();
    },
    /EROFS|EIO/,
  );
});

async function breakAndHeal(
  mount: Mount,
  fail: () => Promise<void>,
  mend: () => Promise<void>,
  reason: string | RegExp,
): Promise<void> {
  const daemon = await Daemon.start([], { directory: join(mount.directory, "data") });
  const client = await connect(daemon.socket);
  try {
    const kept = await createUntilRefused(client, fail);
    expect(await answerOf(daemon, "/readyz")).toEqual([503, expect.stringMatching(reason)]);
    expect(await answerOf(daemon, "/healthz")).toEqual([200, "ok\n"]);
    expect((await client.call("system.info", {})).store).toMatchObject({
      healthy: false,
      users: kept.length,
    });
    await assertUsers(client, kept);
    await mend();
    await expect.poll(() => answerOf(daemon, "/readyz"), { timeout: 10_000 }).toEqual([200, "ready\n"]);
    await assertUsers(client, kept);
    kept.push((await client.call("users.create", { username: "after" })).user.username);
    await daemon.kill();
    await daemon.restart();
    const again = await connect(daemon.socket);
    await assertUsers(again, kept);
    again.close();
  } finally {
    client.close();
    await daemon.remove();
  }
}

/** Creates users, some before and some after `fail`, until one is refused; returns those that were created. */
async function createUntilRefused(client: Client, fail: () => Promise<void>): Promise<string[]> {
  const kept: string[] = [];
  for (let number = 0; ; number++) {
    if (number === 5) await fail();
    const username = `user-${number}`;
    try {
      await client.call("users.create", { username, fullName: "x".repeat(100) });
      kept.push(username);
    } catch (error) {
      expect(error).toMatchObject({ code: 503, data: { reason: "storeUnavailable" } });
      return kept;
    }
  }
}

async function assertUsers(client: Client, usernames: readonly string[]): Promise<void> {
  const { items } = await client.call("users.list", { limit: 500 });
  expect(items.map(({ username }) => username).sort()).toEqual([...usernames].sort());
}

async function answerOf(daemon: Daemon, path: string): Promise<[number, string]> {
  const { host } = new URL(daemon.url);
  const answer = await fetch(`http://${host}${path}`);
  return [answer.status, await answer.text()];
}

function fill(path: string): void {
  writeFileSync(path, "");
  for (let size = MIB; size >= 1; size = Math.floor(size / 2)) {
    try {
      for (;;) appendFileSync(path, Buffer.alloc(size));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
    }
  }
}
