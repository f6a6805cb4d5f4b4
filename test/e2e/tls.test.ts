import { expect, onTestFinished, test, vi } from "vitest";
import { connector } from "../../tui/connect.ts";
import { fixture } from "../fixtures/fixture.ts";
import { Daemon } from "./daemon.ts";
import { roster } from "./roster.ts";

vi.setConfig({ testTimeout: 60_000 });

async function startTls(certificate: "localhost" | "elsewhere"): Promise<Daemon> {
  const [cert, key] = [fixture(`tls/${certificate}.crt`), fixture(`tls/${certificate}.key`)];
  const daemon = await Daemon.start(["--tls-cert", cert, "--tls-key", key]);
  onTestFinished(() => daemon.remove());
  return daemon;
}

const call = (url: string, env: Record<string, string> = {}) =>
  roster(["--url", url, "call", "auth.whoami"], { env });
const withCa = { NODE_EXTRA_CA_CERTS: fixture("tls/ca.crt") };

test("roster talks over TLS to a daemon whose authority it is told", async () => {
  const { url } = await startTls("localhost");
  const { status, stdout } = await call(url, withCa);
  expect(JSON.parse(stdout)).toMatchObject({ kind: "anonymous" });
  expect(status).toBe(0);
});

test("an unknown authority is refused in one line with the way out, whatever the environment says", async () => {
  const { url } = await startTls("localhost");
  const { status, stderr } = await call(url, { NODE_TLS_REJECT_UNAUTHORIZED: "0", NODE_NO_WARNINGS: "1" });
  expect(stderr).toMatch(
    /^roster: the certificate of wss:.* is of an authority unknown here: .*NODE_EXTRA_CA_CERTS\n$/,
  );
  expect(status).toBe(1);
});

test("a certificate for another host name is refused in one line", async () => {
  const { url } = await startTls("elsewhere");
  const { status, stderr } = await call(url, withCa);
  expect(stderr).toBe(
    `roster: the certificate of ${url} is for another host name: use the name that it is for\n`,
  );
  expect(status).toBe(1);
});

test("a port without TLS is told from one with a bad certificate", async () => {
  const daemon = await Daemon.start();
  onTestFinished(() => daemon.remove());
  const open = connector({ kind: "url", url: daemon.url.replace("ws:", "wss:") });
  await expect(open()).rejects.toThrow(/does not speak TLS: use ws:\/\//);
});
