import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { Program } from "../e2e/program.ts";
import { startForeignDirectory } from "./directory.ts";

const script = fileURLToPath(new URL("client.py", import.meta.url));
const isInstalled = spawnSync("python3", ["-c", "import websockets"]).status === 0;
const directory = startForeignDirectory();

test.skipIf(!isInstalled)(
  `with Python's websockets one logs in, lists, rotates a key and receives an event${isInstalled ? "" : " (python3 has no module websockets here)"}`,
  async () => {
    const { url, secret, keyId, createUser } = directory();
    const env = { PATH: process.env.PATH ?? "", ROSTER_URL: url, ROSTER_KEY: secret, KEY_ID: keyId };
    const client = new Program("python3", [script], { env });
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
