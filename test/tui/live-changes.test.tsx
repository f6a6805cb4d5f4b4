import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Params } from "../../protocol/index.ts";
import { App } from "../../tui/app.tsx";
import { Session } from "../../tui/session.ts";
import { mountApp } from "../../tui/terminal/mount.tsx";
import { FakeDaemon } from "./fake-daemon.ts";
import { userOf } from "./screens/open-app.tsx";
import { createFakeTty } from "./terminal/fake-tty.ts";
import { createEmulator } from "./terminal/xterm.ts";

const USERS = 100_000;
const CHANGES = 500;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

test("500 changes in a second are at most 30 frames, and a few readings of the stretch in view", async () => {
  let changes = 0;
  const daemon = new FakeDaemon({
    "users.list": ({ offset = 0, limit = 50 }: Params<"users.list">) => {
      const items = Array.from({ length: limit }, (_, index) =>
        userOf(offset + index + 1, { fullName: `Change ${changes}` }),
      );
      return { items, total: USERS, offset, limit };
    },
  });
  const session = new Session({ connect: daemon.connect, target: "/run/test.sock", local: true });
  const tty = createFakeTty();
  const emulator = createEmulator(80, 24);
  const screenAfter = async (bytes: string) => {
    const shown = emulator.write(bytes);
    await vi.advanceTimersByTimeAsync(100);
    await shown;
    return emulator.lines().join("\n");
  };
  const app = mountApp(<App session={session} onQuit={() => {}} />, tty);
  session.start();
  await vi.advanceTimersByTimeAsync(1000);
  expect(await screenAfter(tty.take())).toContain("100,000 users");
  const readBefore = daemon.asked("users.list").length;

  for (changes = 1; changes <= CHANGES; changes++) {
    daemon.emit("user.updated", { kind: "user", id: userOf(changes % 20).id, name: "somebody" });
    await vi.advanceTimersByTimeAsync(1000 / CHANGES);
  }
  const frames = tty.written.length;
  const read = daemon.asked("users.list").length - readBefore;
  await vi.advanceTimersByTimeAsync(1000);
  expect(await screenAfter(tty.take())).toContain(`Change ${CHANGES}`);
  expect(frames).toBeGreaterThan(1);
  expect(frames).toBeLessThanOrEqual(30);
  expect(read).toBeLessThanOrEqual(30);

  app.unmount();
  await app.waitUntilExit();
  session.close();
});
