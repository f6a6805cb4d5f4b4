import { afterAll, beforeAll, expect, test } from "vitest";
import { blocks, guide } from "../docs/guide.ts";
import type { Ended } from "../e2e/program.ts";
import { Machine } from "./machine.ts";

/** The guide, from its first line to its last, as root pastes it. */
let machine: Machine;
const followed = new Set<string>();
const [install = "", , , environment = ""] = blocks("Install", "shell").map(({ code }) => code);

beforeAll(async () => {
  machine = await Machine.boot(install);
});

afterAll(() => machine.off());

/** Runs a section's blocks one after another; answers how each ended. */
async function tryFollowing(section: string): Promise<Ended[]> {
  followed.add(section);
  const ended: Ended[] = [];
  for (const { code } of blocks(section, "sh", "shell")) {
    // The machine was booted with the package on it.
    if (code !== install || section !== "Install") ended.push(await machine.try(environment + code));
  }
  return ended;
}

/** What each block printed; rejects when one failed. */
async function follow(section: string): Promise<string[]> {
  const ended = await tryFollowing(section);
  for (const { status, stdout, stderr } of ended) expect(status, stdout + stderr).toBe(0);
  return ended.map(({ stdout }) => stdout);
}

const isReady = () =>
  machine.try(`${environment}curl --silent --unix-socket "$ROSTER_SOCKET" http://localhost/readyz`);

test("an installation is active once it serves, and then opens its sockets by systemd", async () => {
  const printed = await follow("Install");
  expect(printed.join()).toMatch(/Active: active \(running\)/);
  expect(await machine.run("systemctl is-active rosterd.socket")).toBe("active\n");
  expect((await machine.try("systemctl is-active rosterd")).stdout).toBe("inactive\n");
  expect(printed.join()).toContain("The configuration is good");
});

test("in the first hour the daemon comes when it is called, and makes an administrator, a key and a backup", async () => {
  expect((await follow("The first hour")).join()).toMatch(/"generatedPassword": ?"/);
  expect(await machine.run("systemctl is-active rosterd")).toBe("active\n");
});

test("health, metrics and the journal are there", async () => {
  await machine.run("systemctl kill --signal KILL rosterd");
  const [pages = "", journal = ""] = await follow("Monitoring");
  expect(pages).toMatch(/^ready\n/);
  expect(pages).toMatch(/^roster_store_users 2$/m);
  expect(journal).toMatch(/Main process exited, code=killed/);
  expect(journal).not.toMatch(/"level":"info"/);
});

test("the drill is done on the machine itself", async () => {
  expect((await follow("Backup, and a drill")).join()).toMatch(/drill is good: 2 users/);
});

test("the keys of a fleet are rotated", async () => {
  expect((await follow("Rotate the keys of a fleet")).join()).toContain("monitor prometheus\n");
});

test("after an upgrade the service is the new one, and good", async () => {
  const before = await machine.run("systemctl show --property MainPID rosterd");
  expect((await follow("Upgrade")).join()).toMatch(/"ok": ?true/);
  expect(await machine.run("systemctl show --property MainPID rosterd")).not.toBe(before);
});

test("who is locked out gets in again, with the daemon and without", async () => {
  const printed = (await follow("Locked out")).join();
  expect(printed).toMatch(/"generatedPassword": ?"/);
  expect(printed).toContain("ada is an administrator who can sign in");
});

test("a disk that is full refuses changes, says why, and heals once there is room", async () => {
  await machine.run(`systemctl stop rosterd.socket rosterd
    systemctl reset-failed
    mount -t tmpfs -o size=2m,uid=roster,gid=roster,mode=700 tmpfs /var/lib/roster
    systemctl start rosterd
    roster call users.create '{"username":"ada"}'
    roster call system.backup`);
  await machine.run("head -c 3M /dev/zero >/var/lib/roster/backups/old.tar || true");
  // The journal has room that was written ahead.
  const refused = await machine.try(`text=$(head -c 60000 /dev/zero | tr '\\0' x)
    for number in {1..20}; do
      echo '{"user":"ada","settings":{"trial":"'$number$text'"}}' | roster call settings.save -
    done`);
  expect(refused.stderr).toMatch(/"code": ?503/);
  const [printed = ""] = await follow("The disk is full");
  expect(printed).toMatch(/^ENOSPC: no space left/);
  expect(printed).toMatch(/100% \/var\/lib\/roster/);
  expect(printed).toMatch(/backups\/$/m);
  await machine.run("rm /var/lib/roster/backups/old.tar");
  await expect.poll(async () => (await isReady()).stdout, { timeout: 10_000 }).toBe("ready\n");
  await machine.run(
    `roster call users.create '{"username":"late"}'; systemctl stop rosterd; umount /var/lib/roster`,
  );
});

test("what is damaged is not started, named, and restored", async () => {
  await machine.run(`mkdir -p /run/systemd/system/rosterd.service.d
    printf '[Service]\\nRestartSec=100ms\\n' > /run/systemd/system/rosterd.service.d/quick.conf
    systemctl daemon-reload
    systemctl reset-failed
    systemctl start rosterd
    roster call system.backup
    systemctl stop rosterd
    truncate --size 0 /var/lib/roster/users.json`);
  expect((await machine.try("systemctl start rosterd")).status).not.toBe(0);
  const state = () => machine.run("systemctl show --value --property ActiveState rosterd");
  await expect.poll(state, { timeout: 15_000 }).toBe("failed\n");
  const [verified, restored] = await tryFollowing("A file is damaged");
  expect(verified).toMatchObject({ status: 1, stdout: expect.stringMatching(/users\.json: it is empty/) });
  expect(restored).toMatchObject({ status: 0, stdout: expect.stringMatching(/2 users/) });
  expect((await isReady()).stdout).toBe("ready\n");
});

test("no command of the guide was left out", () => {
  const withCommands = guide.filter(({ language }) => language !== "yaml").map(({ section }) => section);
  expect([...followed].sort()).toEqual([...new Set(withCommands)].sort());
});
