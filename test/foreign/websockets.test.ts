import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { Program } from "../e2e/program.ts";
import { startForeignDirectory } from "./directory.ts";

const script = fileURLToPath(new URL("client.py", import.meta.url));
/** The first of these that has the module: another python3 may come before the system's own on the path. */
const python = ["python3", "/usr/bin/python3"].find(
  (command) => spawnSync(command, ["-c", "import websockets"]).status === 0,
);
const directory = startForeignDirectory();

test.skipIf(!python)(
  `with Python's websockets one logs in, lists, rotates a key and receives an event${python ? "" : " (no python3 here has the module websockets)"}`,
  async () => {
    const { url, secret, keyId, createUser } = directory();
    const env = { PATH: process.env.PATH ?? "", ROSTER_URL: url, ROSTER_KEY: secret, KEY_ID: keyId };
    const client = new Program(python ?? "", [script], { env });
    await client.says(/subscribed/);
    await createUser("heard");
    expect(await client.ended).toEqual({
      status: 0,
      stderr: "",
      stdout:
        "logged in as octoprint\nlisted 1\nrotated retiring rk_\nsubscribed\nheard user.created heard\n",
    });
  },
);
