import { afterAll, beforeAll, vi } from "vitest";
import { Daemon } from "../e2e/daemon.ts";
import { rosterCall } from "../e2e/roster.ts";

// A flow is several steps of real processes, and each step has its own patience.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

/** What a foreign client needs to know: where the daemon is, a key to log in with, and that key's id. */
export interface ForeignDirectory {
  url: string;
  secret: string;
  keyId: string;
  /** Lets something happen that a subscriber hears of. */
  createUser(username: string): Promise<void>;
}

/** A daemon with a service account `octoprint`, whose key may read users; shared by the tests of a file. */
export function startForeignDirectory(): () => ForeignDirectory {
  let daemon: Daemon;
  let directory: ForeignDirectory;

  beforeAll(async () => {
    daemon = await Daemon.start();
    const { socket, url } = daemon;
    await rosterCall(socket, "users.create", { username: "octoprint", type: "service", roles: ["viewer"] });
    const made = await rosterCall<{ secret: string; key: { id: string } }>(socket, "keys.create", {
      user: "octoprint",
      name: "foreign",
      permissions: ["users.read"],
    });
    directory = {
      url,
      secret: made.secret,
      keyId: made.key.id,
      createUser: (username) => rosterCall(socket, "users.create", { username }),
    };
  });

  afterAll(() => daemon.remove());

  return () => directory;
}
