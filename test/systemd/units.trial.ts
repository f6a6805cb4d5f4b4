import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { readProjectFile } from "../docs/generated.ts";
import { blocks } from "../docs/guide.ts";
import { Machine } from "./machine.ts";

/** The units as the guide installs them, under a systemd that means what they say. */
let machine: Machine;

beforeAll(async () => {
  const [install = "", units = ""] = blocks("Install", "shell").map(({ code }) => code);
  machine = await Machine.boot(install);
  await machine.run(units);
});

afterAll(() => machine.off());

/** Puts the service back: running, without drop-ins and data, and without a memory of starts that failed. */
beforeEach(async () => {
  await machine.run(`systemctl stop rosterd.socket rosterd
    rm -rf /run/systemd/system/rosterd.service.d /etc/systemd/system/rosterd.service.d
    rm -rf /etc/roster /var/lib/roster/*
    systemctl daemon-reload
    systemctl reset-failed
    systemctl start rosterd`);
});

/** A drop-in for the service, which is restarted under it. */
async function dropIn(lines: string): Promise<void> {
  await machine.run(`mkdir -p /run/systemd/system/rosterd.service.d
    cat > /run/systemd/system/rosterd.service.d/trial.conf <<'END'
[Service]
${lines}
END
    systemctl daemon-reload
    systemctl restart rosterd`);
}

/** The same as one does it by hand: the editor is given a file with a place for what shall be the drop-in. */
async function edit(lines: string): Promise<void> {
  await machine.run(`cat > /srv/lines <<'END'
[Service]
${lines}
END
    cat > /srv/editor <<'END'
#!/bin/sh
sed -i '/^### Anything between here/r /srv/lines' "$1"
END
    chmod +x /srv/editor
    export SYSTEMD_EDITOR=/srv/editor
    script --quiet --return --command "systemctl edit rosterd" /dev/null
    systemctl restart rosterd`);
}

async function property(name: string, unit = "rosterd"): Promise<string> {
  return (await machine.run(`systemctl show --value --property ${name} ${unit}`)).trim();
}

const isActiveAgain = (restarts: string) =>
  expect
    .poll(async () => [await property("NRestarts"), await property("ActiveState")], { timeout: 15_000 })
    .toEqual([restarts, "active"]);

test("the process has an account of its own, no capability, no way to get one, and few system calls", async () => {
  const pid = await property("MainPID");
  const status = await machine.run(`ps -o user= -p ${pid}; cat /proc/${pid}/status`);
  expect(status).toMatch(/^roster\n/);
  expect(status).toMatch(/^CapPrm:\t0+$/m);
  expect(status).toMatch(/^CapBnd:\t0+$/m);
  expect(status).toMatch(/^NoNewPrivs:\t1$/m);
  expect(status).toMatch(/^Seccomp:\t2$/m);
  expect(await machine.run("stat -c '%a %U:%G' /var/lib/roster /run/roster/rosterd.sock")).toBe(
    "700 roster:roster\n660 roster:roster\n",
  );
  expect(await machine.run("systemd-analyze security --threshold=20 rosterd")).toMatch(/OK/);
});

test("whoever is in the group is an operator, and others do not get to the socket", async () => {
  await machine.run("useradd --groups roster in; useradd out");
  expect(await machine.run("runuser -u in -- roster call auth.whoami")).toMatch(/"kind": ?"local"/);
  expect((await machine.try("runuser -u out -- roster call auth.whoami")).stderr).toMatch(/not open to you/);
});

test("what is killed comes back with all that it acknowledged", async () => {
  await machine.run(`roster call users.create '{"username":"ada"}'; systemctl kill --signal KILL rosterd`);
  await isActiveAgain("1");
  expect(await machine.run("roster call users.list")).toMatch(/"username": ?"ada"/);
});

test("the watchdog hears it as long as it is alive, and ends it when it stands still", async () => {
  await dropIn("WatchdogSec=1");
  const heardAt = await property("WatchdogTimestampMonotonic");
  await expect.poll(() => property("WatchdogTimestampMonotonic"), { timeout: 5_000 }).not.toBe(heardAt);
  expect(await property("NRestarts")).toBe("0");
  await machine.run("systemctl kill --signal STOP rosterd");
  await isActiveAgain("1");
  expect(await machine.run("journalctl --unit rosterd")).toContain("Watchdog timeout");
});

test("a stop leaves a snapshot with all in it, a journal without a line, and no warning", async () => {
  const start = await property("InvocationID");
  await machine.run(`roster call users.create '{"username":"ada"}'; systemctl stop rosterd`);
  expect(await property("Result")).toBe("success");
  expect(await machine.run("cat /var/lib/roster/users.json")).toContain('"username":"ada"');
  expect(await machine.run("cat /var/lib/roster/journal-*.jsonl")).toBe("");
  const warnings = `journalctl --quiet --priority warning _SYSTEMD_INVOCATION_ID=${start}`;
  expect((await machine.try(warnings)).stdout).toBe("");
});

/** What the unit has in comments, as examples. */
function examples(): string {
  const lines = readProjectFile("docs/systemd/rosterd.service").matchAll(/^# (\w+=.*)$/gm);
  return [...lines].map(([, line]) => line).join("\n");
}

test("the examples in the unit give it a configuration, credentials that it alone reads, and a first administrator", async () => {
  await machine.run(`install -d /etc/roster
    echo 'listen = "[::]:7421"' > /etc/roster/rosterd.toml
    umask 077
    echo 'a lantern over the harbour' > /etc/roster/bootstrap-password
    cat > /etc/roster/tls.crt <<< '${readProjectFile("test/fixtures/tls/localhost.crt")}'
    cat > /etc/roster/tls.key <<< '${readProjectFile("test/fixtures/tls/localhost.key")}'`);
  await edit(examples());
  expect(await machine.run("roster call users.list")).toMatch(/"username": ?"ada"/);
  const health = "curl --silent --cacert /etc/roster/tls.crt https://localhost:7421/healthz";
  expect(await machine.run(health)).toBe("ok\n");
  expect((await machine.try("runuser -u roster -- cat /etc/roster/tls.key")).stderr).toMatch(/denied/);
});

test("a reload takes over what is good; what is not is a warning in the journal, and the service goes on", async () => {
  await machine.run("install -d /etc/roster; echo 'logLevel = \"info\"' > /etc/roster/rosterd.toml");
  await dropIn("Environment=ROSTER_CONFIG=/etc/roster/rosterd.toml");
  const pid = await property("MainPID");
  await machine.run("echo nonsense > /etc/roster/rosterd.toml; systemctl reload rosterd");
  await expect
    .poll(() => machine.run("journalctl --unit rosterd --priority warning --since -5s --output cat"))
    .toMatch(/rosterd\.toml/);
  expect(await property("MainPID")).toBe(pid);
  expect(await property("ActiveState")).toBe("active");
});

test("a configuration that cannot be is not tried again and again", async () => {
  await dropIn("Environment=ROSTER_LISTEN=nonsense").catch(() => {});
  expect(await property("ActiveState")).toBe("failed");
  expect(await property("NRestarts")).toBe("0");
});

test.each([
  ["the Unix socket", "curl --silent --unix-socket /run/roster/rosterd.sock http://localhost/readyz"],
  ["TCP", "curl --silent http://127.0.0.1:7420/readyz"],
])("whoever connects to %s starts it, and nobody is lost while it starts again", async (_, ask) => {
  await machine.run("systemctl stop rosterd; systemctl start rosterd.socket");
  expect(await property("ActiveState")).toBe("inactive");
  expect(await machine.run(ask)).toBe("ready\n");
  expect(await property("ActiveState")).toBe("active");
  await machine.run("systemctl --no-block restart rosterd");
  expect(await machine.run(ask)).toBe("ready\n");
});
