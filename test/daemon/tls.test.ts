import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:https";
import { connect as connectPlain } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { afterAll, expect, test } from "vitest";
import { UsageError } from "../../daemon/config/usage-error.ts";
import { readTls } from "../../daemon/tls.ts";
import { fixture } from "../fixtures/fixture.ts";
import { RawClient } from "./raw-client.ts";
import { startTestDaemon } from "./start-daemon.ts";

const files = { cert: fixture("tls/localhost.crt"), key: fixture("tls/localhost.key") };
const ca = readFileSync(fixture("tls/ca.crt"));
const directory = mkdtempSync(join(tmpdir(), "roster-tls-"));
afterAll(() => rmSync(directory, { recursive: true }));

const now = Date.parse("2026-03-01T12:00:00.000Z");

function write(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

test("over TLS the daemon answers as without", async () => {
  const daemon = await startTestDaemon({ config: { tls: files } });
  expect(daemon.url).toMatch(/^wss:\/\/127\.0\.0\.1:\d+\/rpc$/);
  const client = await daemon.stranger({ ca });
  expect(await client.call("auth.whoami", {})).toMatchObject({ kind: "anonymous" });
  const health = daemon.url.replace("wss:", "https:").replace("/rpc", "/healthz");
  const status = await new Promise((resolve) => {
    get(health, { ca }, (response) => resolve(response.resume().statusCode));
  });
  expect(status).toBe(200);
});

test("a client that does not know the authority does not talk to the daemon", async () => {
  const daemon = await startTestDaemon({ config: { tls: files } });
  await expect(daemon.stranger()).rejects.toThrow(/unable to verify|unable to get/);
});

test("without TLS nothing is said on that port", async () => {
  const daemon = await startTestDaemon({ config: { tls: files } });
  await expect(RawClient.open(daemon.url.replace("wss:", "ws:"))).rejects.toThrow();
  expect(await (await daemon.stranger({ ca })).call("system.ping", {})).toHaveProperty("at");
});

test.each(["TLSv1", "TLSv1.1"] as const)("%s is refused, TLS 1.2 is served", async (version) => {
  const daemon = await startTestDaemon({ config: { tls: files } });
  const attempt = (maxVersion: "TLSv1" | "TLSv1.1" | "TLSv1.2") =>
    new Promise((resolve) => {
      // Without the lower security level this side would refuse to ask for so old a version.
      const options = { ca, maxVersion, minVersion: maxVersion, ciphers: "DEFAULT@SECLEVEL=0" };
      const socket = connect({ port: Number(new URL(daemon.url).port), host: "127.0.0.1", ...options });
      socket.once("secureConnect", () => resolve(socket.getProtocol()));
      socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code));
      socket.once("close", () => socket.destroy());
      socket.once("secureConnect", () => socket.end());
    });
  expect(await attempt("TLSv1.2")).toBe("TLSv1.2");
  expect(await attempt(version)).toBe("ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION");
});

test("a large answer reaches a slow reader whole, over TLS too", async () => {
  const daemon = await startTestDaemon({ config: { tls: files } });
  const operator = await daemon.operator();
  await operator.call("users.create", { username: "mia", roles: ["admin"] });
  const { secret } = await operator.call("keys.create", { user: "mia", name: "tool" });
  const client = await daemon.bearer(secret, { ca });
  const settings = { studio: { text: "x".repeat(60_000) } };
  await operator.call("settings.save", { user: "mia", settings });
  client.socket.pause();
  for (let id = 0; id < 100; id += 1) {
    client.send({ jsonrpc: "2.0", method: "settings.get", params: { user: "mia" }, id });
  }
  client.socket.resume();
  for (let id = 0; id < 100; id += 1) {
    const { result } = await client.next((message) => message.id === id);
    expect(JSON.stringify(result)).toContain("x".repeat(60_000));
  }
});

test("a renewed certificate is served to who connects from then on; a bad one changes nothing", async () => {
  const cert = write("renewed.crt", readFileSync(files.cert, "utf8"));
  const key = write("renewed.key", readFileSync(files.key, "utf8"));
  const daemon = await startTestDaemon({ config: { tls: { cert, key } } });
  const before = await daemon.stranger({ ca });
  const subject = () =>
    new Promise((resolve) => {
      const port = Number(new URL(daemon.url).port);
      const socket = connect({ port, host: "127.0.0.1", ca, checkServerIdentity: () => undefined });
      socket.once("secureConnect", () => {
        resolve(socket.getPeerCertificate().subject.CN);
        socket.end();
      });
    });
  expect(await subject()).toBe("localhost");

  writeFileSync(cert, readFileSync(fixture("tls/elsewhere.crt")));
  daemon.reload();
  expect(await subject()).toBe("localhost");

  writeFileSync(key, readFileSync(fixture("tls/elsewhere.key")));
  daemon.reload();
  expect(await subject()).toBe("elsewhere");
  expect(await before.call("system.ping", {})).toHaveProperty("at");
});

test("who connected and never began to speak TLS does not keep it from stopping", async () => {
  const daemon = await startTestDaemon({ config: { tls: files } });
  const { port, hostname } = new URL(daemon.url);
  const socket = connectPlain(Number(port), hostname);
  await new Promise((resolve) => socket.once("connect", resolve));
  const closed = new Promise((resolve) => socket.resume().once("close", resolve));
  await daemon.stop();
  await closed;
});

const noPem = write("no.pem", "not PEM");
const absent = join(directory, "absent.pem");
const encrypted = write(
  "encrypted.key",
  "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n",
);

test.each([
  ["an absent certificate", { cert: absent }, `tls.cert: ${absent} cannot be read (ENOENT)`],
  ["an absent key", { key: absent }, `tls.key: ${absent} cannot be read (ENOENT)`],
  ["a directory", { cert: directory }, `tls.cert: ${directory} cannot be read (EISDIR)`],
  ["no certificate", { cert: noPem }, `tls.cert: ${noPem} is not a certificate in PEM`],
  ["no key", { key: noPem }, `tls.key: ${noPem} is not a private key in PEM without a passphrase`],
  [
    "a locked key",
    { key: encrypted },
    `tls.key: ${encrypted} is not a private key in PEM without a passphrase`,
  ],
  ["the two exchanged", { cert: files.key, key: files.cert }, `tls.cert: ${files.key} is not a certificate`],
  [
    "another's key",
    { key: fixture("tls/elsewhere.key") },
    `tls.key: ${fixture("tls/elsewhere.key")} is not the key of the certificate ${files.cert}`,
  ],
])("%s is told in one line that names the file", (_name, wrong, message) => {
  const read = () => readTls({ ...files, ...wrong }, now);
  expect(read).toThrow(UsageError);
  expect(read).toThrow(message);
  expect(read).not.toThrow(/\n/);
});

test("a certificate is refused before and after its time", () => {
  const from = Date.parse("2020-01-01T00:00:00Z");
  const to = Date.parse("2120-01-01T00:00:00Z");
  expect(() => readTls(files, from - 1)).toThrow(
    /localhost.crt is not valid before Jan {2}1 00:00:00 2020 GMT$/,
  );
  expect(readTls(files, from)).toMatchObject({ minVersion: "TLSv1.2" });
  expect(readTls(files, to - 1)).toMatchObject({ minVersion: "TLSv1.2" });
  expect(() => readTls(files, to)).toThrow(/localhost.crt expired on Jan {2}1 00:00:00 2120 GMT: renew it$/);
});
