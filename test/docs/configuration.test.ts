import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { rows } from "../../daemon/config/resolve.ts";
import type { Row } from "../../daemon/config/setting.ts";
import { readConfig } from "../../daemon/config.ts";
import { expectFresh } from "./generated.ts";

const intro = `# Configuration

\`rosterd\` needs no configuration. What is set goes by this order: flags, the environment, the file, the defaults.

- The file is TOML, named by \`--config FILE\` or \`$ROSTER_CONFIG\`. A key that does not exist is an error that names the
  line and the nearest key there is. Paths in it are seen from its own directory.
- Every setting has a variable: \`listen\` is \`ROSTER_LISTEN\`, \`limits.frameBytes\` is \`ROSTER_LIMITS_FRAME_BYTES\`. With
  \`_FILE\` at its end it names a file that holds the value. Lists are separated by commas, tables are JSON.
- \`rosterd --help\` lists the settings that have a flag.
- \`rosterd config check\` says what is wrong (exit status 2), the certificate's files included; \`rosterd config show\` prints
  every value with where it came from.
- systemd's \`$STATE_DIRECTORY\` goes before \`ROSTER_DATA\`.

## Changing it while it runs

SIGHUP (\`systemctl reload rosterd\`) reads everything again. Taken over without a restart, and without a connection lost:
${wrapped(listText(rows.filter(({ setting }) => setting.reloads)))}
The log says what changed, what needs a restart, and what was no good and stays as it was. A change of
\`limits.frameBytes\`, \`limits.inFlight\` or the certificate is for connections from then on.

## TLS

With \`[tls] cert\` and \`key\` the TCP listener speaks TLS 1.2 or later and nothing else; SIGHUP reads the two files again,
for connections from then on. An address that is not loopback needs them, or \`insecureTcp\`. Names that clients use
belong in \`allowedHosts\`. \`roster --url wss://…\` verifies the certificate; for an authority of your own, tell it by Node's
\`NODE_EXTRA_CA_CERTS=/path/to/ca.crt\`.

## Behind a proxy

Without its address in \`trustedProxies\` all clients of a proxy count as one: they share one budget of failed logins, and
the audit names the proxy. What other peers write into \`X-Forwarded-For\` is not believed.

## The first administrator

Over TCP nobody can make the first administrator; over the Unix socket \`roster\` does. For automation there is
\`[bootstrap]\`: while the directory has no user at all, a start makes \`username\` an administrator with the password in
\`passwordFile\`, and does not start where that password would be refused. It must be changed at the first login. From
then on both settings are ignored, with a line in the log, and can go. With systemd, \`LoadCredential=\` keeps the file
from everybody else: see docs/systemd/rosterd.service.

## All settings

Each with its default, or an example where the default depends on the machine.

`;

test("docs/configuration.md is what can be configured", () => {
  expectFresh("docs/configuration.md", `${intro}\`\`\`toml\n${sample("# ")}\`\`\`\n`);
});

test("the sample is a configuration that starts, and holds the defaults", () => {
  const directory = mkdtempSync(join(tmpdir(), "roster-sample-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, "rosterd.toml");
  writeFileSync(file, sample(""));
  const { resolved } = readConfig(["--config", file], "1.2.3", {});
  const { resolved: defaults } = readConfig([], "1.2.3", {});
  for (const [index, { row, value, origin }] of resolved.entries()) {
    expect(origin).toContain(file);
    if (row.setting.sample === undefined) expect(value).toEqual(defaults[index]?.value);
  }
});

/** Tables that reload as a whole are named once. */
function listText(reloading: Row[]): string {
  const names = reloading.map(({ path }) =>
    path[0] === "limits" ? "all of [limits]" : `\`${path.join(".")}\``,
  );
  return `${[...new Set(names)].join(", ")}.`;
}

function wrapped(text: string): string {
  return text.replace(/(.{1,118})(?: |$)/g, "$1\n").trimEnd();
}

/** All settings as a file, with `off` in front of each so that it says nothing yet. */
function sample(off: string): string {
  const tables = new Map<string, Row[]>();
  for (const row of rows) {
    const table = row.path.slice(0, -1).join(".");
    tables.set(table, [...(tables.get(table) ?? []), row]);
  }
  return [...tables]
    .map(([table, inside]) => `${table && `[${table}]\n`}${inside.map((row) => entry(row, off)).join("")}`)
    .join("\n");
}

function entry({ path, setting }: Row, off: string): string {
  const { kind, help, defaultText, sample } = setting;
  const fallback = defaultText === undefined ? "" : `; default: ${defaultText}`;
  return `# ${help}: ${kind.form}${fallback}\n${off}${path.at(-1)} = ${sample ?? kind.toml(setting.default)}\n`;
}
