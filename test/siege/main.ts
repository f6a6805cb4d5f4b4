/** `npm run siege [-- ATTACK…]`: attacks a rosterd, and prints what others feel of it meanwhile and afterwards. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describeMachine } from "../bench/machine.ts";
import { RawClient } from "../daemon/raw-client.ts";
import type { AttackName, Target } from "./attacks.ts";
import { Besieged, Sampler } from "./besieged.ts";
import { Probe, type Waits } from "./probe.ts";
import { brokenBounds, type Felt, ms, type Outcome, table } from "./verdict.ts";

const password = "canary lanterns over the harbour";
const attackers = fileURLToPath(new URL("./attacks.js", import.meta.url));

const titles: Record<AttackName, string> = {
  logins: "100 logins at once",
  bombs: "1,000 oversize, deep and batch bombs",
  stoppedReaders: "10 readers that stopped",
  halfOpen: "400 half-open peers",
  idle: "1,000 idle connections",
  descriptors: "file descriptors exhausted (128)",
};

/** Few enough that 300 connections are too many. */
const FEW_DESCRIPTORS = 128;
const CALM_MS = 3000;

const asked = process.argv.slice(2) as AttackName[];
const unknown = asked.filter((name) => !(name in titles));
if (unknown.length > 0) {
  process.stderr.write(
    `There is no attack ${unknown.join(", ")}: choose from ${Object.keys(titles).join(", ")}.\n`,
  );
  process.exit(2);
}

say(describeMachine());
say(
  "Waits in milliseconds, p50 / p99 / most, of one client that reads and changes meanwhile; memory in MiB.\n",
);
const outcomes: Outcome[] = [];
let failures = 0;
for (const name of asked.length > 0 ? asked : (Object.keys(titles) as AttackName[])) {
  const besieged = await Besieged.start(name === "descriptors" ? { descriptors: FEW_DESCRIPTORS } : {});
  try {
    const outcome = await besiege(name, besieged);
    outcomes.push(outcome);
    brokenBounds(outcome).forEach(fail);
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error));
  } finally {
    await besieged.end();
  }
  say("");
}
say(
  `p99 before and meanwhile, in milliseconds; memory before, at most and afterwards, in MiB.\n\n${table(outcomes)}`,
);
process.exit(failures > 0 ? 1 : 0);

function fail(why: string): void {
  failures += 1;
  say(`  FAILED: ${why}`);
}

async function besiege(name: AttackName, besieged: Besieged): Promise<Outcome> {
  say(titles[name]);
  const target = await populate(besieged);
  const bystander = await RawClient.open(besieged.url, {
    headers: { Authorization: `Bearer ${target.key}` },
  });
  const probe = new Probe(bystander, "bystander");
  const sampler = new Sampler(besieged);
  await sleep(CALM_MS);
  const before = felt();

  const attack = fork(attackers, [name, JSON.stringify(target)], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const came = await answerOf(attack);
  const { memory, descriptors } = sampler;
  const meanwhile = { ...probe.felt(), memory, files: descriptors };
  attack.disconnect();
  await once(attack, "exit");
  await sleep(CALM_MS);
  probe.felt();
  await sleep(CALM_MS);
  const afterwards = felt();
  sampler.stop();
  await assertServes(besieged, target);
  await probe.stop();
  bystander.socket.terminate();

  const outcome = { attack: titles[name], came, before, meanwhile, afterwards };
  describe(outcome);
  for (const secret of [password, target.key]) {
    if (besieged.output.includes(secret)) throw new Error("a secret is in the log");
  }
  return outcome;

  function felt(): Felt {
    return { ...probe.felt(), memory: besieged.memory, files: besieged.descriptors };
  }
}

function describe({ came, before, meanwhile, afterwards }: Outcome): void {
  const row = (name: string, of: (felt: Felt) => string, most = "meanwhile") =>
    say(`  ${name} before ${of(before)}   ${most} ${of(meanwhile)}   afterwards ${of(afterwards)}`);
  say(`  ${came}`);
  row("reads   ", ({ reads }) => text(reads));
  row("changes ", ({ changes }) => text(changes));
  row("memory  ", ({ memory }) => memory.toFixed(0), "at most");
  row("files   ", ({ files }) => String(files), "at most");
}

/** 500 people, of whom the first has a password, and an administrator's key. */
async function populate(besieged: Besieged): Promise<Target> {
  const operator = await besieged.operator();
  for (let start = 2; start <= 500; start += 100) {
    const users = Array.from({ length: 100 }, (_, index) => ({
      username: `user-${start + index}`,
      fullName: "x".repeat(100),
    }));
    await operator.call("users.import", { mode: "create", users });
  }
  await operator.call("users.create", { username: "user-1", password, mustChangePassword: false });
  await operator.call("users.create", { username: "bystander", roles: ["admin"] });
  const { secret } = await operator.call("keys.create", { user: "bystander", name: "siege" });
  operator.socket.terminate();
  return { url: besieged.url, key: secret, password };
}

async function answerOf(attack: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    attack.once("message", (came) => resolve(String(came)));
    attack.once("exit", (status) => reject(new Error(`the attackers ended with ${status}`)));
  });
}

/** Somebody new gets in, and a change is kept. */
async function assertServes(besieged: Besieged, { key }: Target): Promise<void> {
  const client = await RawClient.open(besieged.url, { headers: { Authorization: `Bearer ${key}` } });
  const { user } = await client.call("users.create", { username: "newcomer" });
  await client.call("users.get", { user: user.id });
  client.socket.terminate();
}

function text({ p50, p99, most }: Waits): string {
  return [p50, p99, most].map(ms).join(" / ");
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
