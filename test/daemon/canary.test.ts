import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { createLog } from "../../daemon/log.ts";
import { type MethodName, methodNames, type Params } from "../../protocol/index.ts";
import { overUnix } from "./metrics/page.ts";
import type { RawClient } from "./raw-client.ts";
import { requestsAbout, type Scene } from "./requests.ts";
import { startTestDaemon, type TestDaemon } from "./start-daemon.ts";

/** The fields in which a secret leaves the daemon, once. */
const onceOnly = new Set(["secret", "token", "generatedPassword"]);

/** Somebody who knows secrets, and everything that the daemon said while they were used. */
class Canary {
  readonly daemon: TestDaemon;
  readonly secrets = new Set<string>();
  readonly said: string[] = [];
  #operator: RawClient;
  #scenes = 0;

  constructor(daemon: TestDaemon, operator: RawClient) {
    this.daemon = daemon;
    this.#operator = operator;
    this.listen(operator);
  }

  /** Keeps what the client is told, and learns the secrets in it. */
  listen(client: RawClient): RawClient {
    client.socket.on("message", (data) => {
      // The contract's own document shows secrets that nobody has.
      if (JSON.parse(data.toString()).result?.openrpc) return;
      const kept = JSON.parse(data.toString(), (name, value) => {
        if (!onceOnly.has(name) || typeof value !== "string") return value;
        this.secrets.add(value);
        return "taken";
      });
      this.said.push(JSON.stringify(kept));
    });
    return client;
  }

  secret(value: string): string {
    this.secrets.add(value);
    return value;
  }

  /** An account of its own for one request, so that no request spoils the next one's. */
  async scene(): Promise<Scene> {
    this.#scenes += 1;
    const [username, role] = [`user-${this.#scenes}`, `role-${this.#scenes}`];
    const password = this.secret(`canary ${this.#scenes} sings in the coal mine`);
    await this.#operator.call("roles.create", { name: role, permissions: [] });
    const rights = { roles: ["admin"], settings: { studio: {} } };
    await this.#operator.call("users.create", { username, password, mustChangePassword: false, ...rights });
    const { key, secret } = await this.#operator.call("keys.create", { user: username, name: "tool" });
    const { token, sessionId } = await this.logIn(username, password);
    const freshPassword = this.secret(`another canary ${this.#scenes} sings too`);
    const freshName = `fresh-${this.#scenes}`;
    return {
      username,
      password,
      keyId: key.id,
      key: secret,
      sessionId,
      token,
      role,
      freshName,
      freshPassword,
    };
  }

  async logIn(username: string, password: string) {
    const client = this.listen(await this.daemon.stranger());
    const { token } = await client.call("auth.login", { username, password });
    const { items } = await client.call("sessions.list", { limit: 1 });
    await client.close();
    return { token, sessionId: items[0]?.id ?? "" };
  }

  /** The same account with secrets that are wrong, as somebody types who mixes them up. */
  wrong(scene: Scene): Scene {
    const changed = (secret: string) =>
      this.secret(`${secret.slice(0, 20)}${secret.slice(20).toUpperCase()}`);
    const password = this.secret(`${scene.password}, wrongly`);
    return { ...scene, password, key: changed(scene.key), token: changed(scene.token) };
  }
}

async function startCanary() {
  const output = new PassThrough();
  const log = createLog("trace", output as unknown as NodeJS.WriteStream);
  const daemon = await startTestDaemon({ log });
  const logged = async (): Promise<string> => {
    output.end();
    return text(output);
  };
  return { canary: new Canary(daemon, await daemon.operator()), daemon, logged };
}

/** Asks and takes the answer, whatever it is. */
async function ask<M extends MethodName>(client: RawClient, method: M, params: Params<M>): Promise<void> {
  await client.call(method, params).catch((error: Error) => {
    if (error.name !== "ProtocolError") throw error;
  });
}

/** The secret and its bare secret part: what is kept nowhere. */
function ownNeedlesOf(secret: string): string[] {
  return /^r[ks]_/.test(secret) ? [secret, secret.slice(16, 59)] : [secret];
}

/** Everything by which a secret could be told: itself, its bare secret part, its digest. */
function needlesOf(secret: string): string[] {
  const digest = createHash("sha256").update(secret).digest();
  const encoded = (["hex", "base64", "base64url"] as const).map((encoding) => digest.toString(encoding));
  return [...ownNeedlesOf(secret), ...encoded];
}

async function filesIn(directory: string, name: RegExp): Promise<string> {
  const names = (await readdir(directory, { recursive: true })).filter((path) => name.test(path));
  const files = await Promise.all(names.map((path) => readFile(join(directory, path), "utf8")));
  return files.join("\n");
}

/** What of the journal others are shown, sealed or not. */
async function journalOf(directory: string): Promise<string> {
  const lines = (await filesIn(directory, /journal-\d+\.jsonl$/)).split("\n").filter(Boolean);
  return lines.map((line) => JSON.stringify(JSON.parse(line).public)).join("\n");
}

test("whatever is called by whomever, no secret is in any log, event, error, audit entry or page", async () => {
  const { canary, daemon, logged } = await startCanary();
  const watcher = canary.listen(await daemon.operator());
  await watcher.call("events.subscribe", {});

  for (const method of methodNames) {
    for (const as of ["stranger", "session", "key", "operator"] as const) {
      const scene = await canary.scene();
      const client = await clientAs(as, scene);
      for (const each of [canary.wrong(scene), scene]) await ask(client, method, requestsAbout(each)[method]);
      client.socket.terminate();
    }
  }
  await presentEndedSecrets();
  await mistype();
  const pages = await Promise.all(
    ["/healthz", "/readyz", "/nothing"].map((path) =>
      fetch(daemon.url.replace(/^ws(.*)\/rpc$/, `http$1${path}`)),
    ),
  );
  canary.said.push(...(await Promise.all(pages.map((page) => page.text()))));
  canary.said.push((await overUnix(daemon)).text);
  await readAudit();
  await daemon.stop();

  const told = await journalOf(daemon.directory);
  const backups = await filesIn(daemon.directory, /\.tar$/);
  const outputs = { said: canary.said.join("\n"), logged: await logged(), journal: told };
  expect(canary.secrets.size).toBeGreaterThan(4 * methodNames.length);
  const found = [...canary.secrets]
    .flatMap(needlesOf)
    .concat("c2NyeXB0")
    .flatMap((needle) =>
      Object.entries(outputs).flatMap(([name, output]) =>
        output.includes(needle) ? [`${needle} in ${name}`] : [],
      ),
    );
  expect(found).toEqual([]);
  // A backup holds digests and password records, as the directory does, but no secret.
  expect([...canary.secrets].flatMap(ownNeedlesOf).filter((needle) => backups.includes(needle))).toEqual([]);
  const proofs = [
    told.includes('"login.failed"'),
    told.includes('"key.reused"'),
    told.includes('"call.denied"'),
  ];
  expect(proofs, "attempts are among what was searched").toEqual([true, true, true]);
  expect(outputs.said.includes('"type":"key.rotated"'), "so are events").toBe(true);
  expect(outputs.said.includes("roster_calls_total{"), "and metrics").toBe(true);
  expect(outputs.logged).toContain('"level":"info"');
  expect(backups.includes("c2NyeXB0"), "what is searched for is found where it may be").toBe(true);

  async function clientAs(as: "stranger" | "session" | "key" | "operator", scene: Scene): Promise<RawClient> {
    if (as === "stranger") return canary.listen(await daemon.stranger());
    if (as === "operator") return canary.listen(await daemon.operator());
    return canary.listen(await daemon.bearer(as === "key" ? scene.key : scene.token));
  }

  /** Rotated, revoked, and of a session that is over. */
  async function presentEndedSecrets(): Promise<void> {
    const scene = await canary.scene();
    const operator = canary.listen(await daemon.operator());
    await operator.call("keys.rotate", { id: scene.keyId, graceSeconds: 0 });
    await operator.call("sessions.revoke", { id: scene.sessionId });
    const stranger = canary.listen(await daemon.stranger());
    await ask(stranger, "auth.loginWithKey", { key: scene.key });
    await ask(stranger, "auth.resume", { token: scene.token });
    for (const secret of [scene.key, scene.token]) {
      await expect(daemon.bearer(secret)).rejects.toThrow("401");
      await fetch(`${daemon.url.replace("ws", "http")}?token=${secret}`);
    }
  }

  /** A password where the name belongs, in a field that there is not, of the wrong type, in a torn frame. */
  async function mistype(): Promise<void> {
    const password = canary.secret("canary-in-the-wrong-place");
    const stranger = canary.listen(await daemon.stranger());
    await ask(stranger, "auth.login", { username: password, password });
    for (const params of [{ pasword: password }, { username: "mia", password: [password] }, [password]]) {
      stranger.send({ jsonrpc: "2.0", id: 1, method: "auth.login", params });
      await stranger.next();
    }
    stranger.send(`{"jsonrpc":"2.0","id":1,"method":"auth.login","params":{"password":"${password}"`);
    await stranger.next();
  }

  async function readAudit(): Promise<void> {
    const operator = canary.listen(await daemon.operator());
    for (let before: number | null | undefined; before !== null; ) {
      before = (await operator.call("audit.query", { limit: 500, ...(before && { before }) })).next;
    }
  }
}, 120_000);
