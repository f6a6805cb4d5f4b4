import fc from "fast-check";
import { pino } from "pino";
import { expect, test } from "vitest";
import type { Caller } from "../../daemon/directory/caller.ts";
import { createDispatch } from "../../daemon/dispatch.ts";
import { readFrame } from "../../daemon/envelope.ts";
import { handlers } from "../../daemon/handlers.ts";
import { defaultLimits } from "../../daemon/limits.ts";
import { Meters } from "../../daemon/metrics/meters.ts";
import {
  type MethodName,
  methodNames,
  openRpcDocument,
  reasonCodes,
  rpcCodes,
} from "../../protocol/index.ts";
import {
  ANONYMOUS,
  LOCAL,
  openTestDirectory,
  PASSWORD,
  type TestDirectory,
} from "./directory/test-directory.ts";
import { requestsAbout, type Scene } from "./requests.ts";
import { startTestDaemon } from "./start-daemon.ts";

/** A round begins with new accounts, since before long some request deletes them. */
const ROUNDS = 100;
const DOCUMENTS = 50_000 / ROUNDS;

/** An account to ask about. */
async function openScene(roster: TestDirectory, round: number): Promise<Scene> {
  const [username, role] = [`mia-${round}`, `printer-${round}`];
  await roster.role(role, ["octoprint:print"]);
  const { caller } = await roster.person(username, [role]);
  const { key, secret } = await roster.key(username);
  const { token } = await roster.call(ANONYMOUS, "auth.login", { username, password: PASSWORD });
  return {
    username,
    password: PASSWORD,
    keyId: key.id,
    key: secret,
    sessionId: caller.kind === "session" ? caller.sessionId : "",
    token,
    role,
    freshName: `fresh-${round}`,
    freshPassword: "another good passphrase",
  };
}

/** Whoever asks: strangers, and an administrator in every way that there is. */
async function openCallers(roster: TestDirectory, round: number): Promise<fc.Arbitrary<Caller>> {
  const { user, caller } = await roster.person(`root-${round}`, ["admin"]);
  return fc.constantFrom(ANONYMOUS, LOCAL, caller, (await roster.key(user.username)).caller);
}

const json = fc.jsonValue({ maxDepth: 4 });
/** Values at the edges of what schemas and code check. */
const edge = fc.constantFrom<unknown>(
  ...[null, "", "\u0000", "\ud800", "\u202e", "a".repeat(100_000), "__proto__", "mia", "../../etc/passwd"],
  ...[-1, 0, 1.5, 501, 2 ** 53, -(2 ** 63), 1e308, [], {}, [[]], { a: { b: {} } }, true],
  ...[
    "2026-02-30T00:00:00Z",
    "9999-12-31T23:59:59.999Z",
    "275760-09-13T00:00:00.001Z",
    "01900000-0000-7000-8000-000000000000",
  ],
);
const value = fc.oneof(json, edge);

/** What is done to a request that was well-formed: a step picks one of the present members, modulo their number. */
const mutation = fc.record({
  path: fc.array(fc.nat(7), { maxLength: 4 }),
  how: fc.constantFrom("replace", "remove", "add", "forbid", "swap"),
  value,
});
type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never;

function mutate(request: unknown, { path, how, value: given }: Mutation): void {
  const value = structuredClone(given);
  let place = request as Record<string, unknown>;
  let name = "params";
  for (const step of path) {
    const names = Object.keys(place);
    name = names[step % names.length] ?? name;
    const inner = Object.hasOwn(place, name) ? place[name] : null;
    if (typeof inner !== "object" || inner === null) break;
    place = inner as Record<string, unknown>;
  }
  if (name === "__proto__") return;
  if (how === "replace") place[name] = value;
  if (how === "remove") delete place[name];
  if (how === "add") place[`unknown${path.length}`] = value;
  if (how === "swap") place[name] = [place[name]];
  if (how === "forbid")
    Object.defineProperty(place, "__proto__", {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
}

/** Texts of frames: requests of every method, whole and mutated, alone and in batches, and whatever else there is. */
function frames(scene: Scene): fc.Arbitrary<string> {
  const valid = requestsAbout(scene);
  const request = fc
    .tuple(
      fc.constantFrom<MethodName>(...methodNames),
      fc.array(mutation, { maxLength: 3 }),
      fc.oneof(fc.constant(7), fc.string({ maxLength: 70 }), fc.constant(undefined)),
    )
    .map(([method, mutations, id]) => {
      const message: unknown = structuredClone({ jsonrpc: "2.0", id, method, params: valid[method] });
      for (const each of mutations) mutate(message, each);
      return message;
    });
  const text = request.map((message) => JSON.stringify(message));
  const torn = fc
    .tuple(text, fc.nat(), fc.string({ unit: "binary", maxLength: 8 }))
    .map(([whole, at, dirt]) => {
      const cut = at % (whole.length + 1);
      return whole.slice(0, cut) + dirt + whole.slice(cut + dirt.length);
    });
  const bomb = fc.tuple(fc.nat(60), fc.constantFrom("[", '{"params":', '[{"a":')).map(([size, open]) => {
    const close = open.includes("{") ? "}" : "]";
    return `${open.repeat(size * 50)}1${close.repeat(size * 50)}`;
  });
  return fc.oneof(
    { weight: 50, arbitrary: text },
    { weight: 20, arbitrary: json.map((document) => JSON.stringify(document)) },
    { weight: 10, arbitrary: torn },
    { weight: 5, arbitrary: fc.string({ unit: "binary", maxLength: 200 }) },
    {
      weight: 5,
      arbitrary: fc.array(fc.oneof(request, value), { maxLength: 5 }).map((batch) => JSON.stringify(batch)),
    },
    { weight: 1, arbitrary: bomb },
    { weight: 1, arbitrary: fc.nat(60).map((size) => JSON.stringify(Array(size).fill(null))) },
  );
}

const reasons = new Map<unknown, number>(Object.entries(reasonCodes));
const rpc = new Set<number>(Object.values(rpcCodes).filter((code) => code !== rpcCodes.internalError));

/** Throws unless this is an answer by JSON-RPC 2.0 (section 5) with a code from the contract's tables. */
function assertAnswer(answer: unknown): void {
  const { jsonrpc, id, result, error, ...rest } = JSON.parse(JSON.stringify(answer));
  expect({ jsonrpc, rest }).toEqual({ jsonrpc: "2.0", rest: {} });
  expect(id === null || typeof id === "string" || Number.isSafeInteger(id)).toBe(true);
  if (error === undefined) {
    expect(result).toBeTypeOf("object");
    return;
  }
  expect(result).toBeUndefined();
  expect(error.message).toBeTypeOf("string");
  if (!rpc.has(error.code)) expect([answer, error.code]).toEqual([answer, reasons.get(error.data?.reason)]);
}

test("50,000 random documents by every kind of caller: no crash, no rejection, every answer by the book", async () => {
  const noBudget = { perAddress: Number.MAX_SAFE_INTEGER, overall: Number.MAX_SAFE_INTEGER };
  const roster = await openTestDirectory({ loginBudget: noBudget });
  const lines: string[] = [];
  const log = pino({ level: "error" }, { write: (line: string) => void lines.push(line) });
  const { store, attempts } = roster;
  const document = openRpcDocument("0");
  const system = { ...roster.context.system, discover: async () => document };
  const context = { ...roster.context, system };
  const dispatch = createDispatch({
    store,
    handlers,
    context,
    attempts,
    log,
    meters: new Meters(),
    now: () => Date.parse(roster.now),
  });
  const kinds = { answered: 0, refused: 0 };
  async function answer(text: string, caller: Caller): Promise<void> {
    const connection = { caller, address: caller.address, client: null, become: () => {} };
    for (const { request, refusal } of readFrame(text, defaultLimits).entries) {
      const answer = refusal ?? (await dispatch(request, connection));
      expect(lines).toEqual([]);
      if (request) expect(answer === null).toBe(request.id === undefined);
      if (answer === null) continue;
      assertAnswer(answer);
      kinds["error" in answer ? "refused" : "answered"] += 1;
    }
  }

  for (let round = 0; round < ROUNDS; round += 1) {
    const scene = await openScene(roster, round);
    const callers = await openCallers(roster, round);
    await fc.assert(fc.asyncProperty(frames(scene), callers, answer), { numRuns: DOCUMENTS });
  }
  expect(kinds.answered).toBeGreaterThan(2500);
  expect(kinds.refused).toBeGreaterThan(20_000);
}, 120_000);

test("2,000 random documents over one socket: all is answered by the book, and the connection goes on", async () => {
  const daemon = await startTestDaemon();
  const operator = await daemon.operator();
  const scene: Scene = {
    username: "mia",
    password: PASSWORD,
    keyId: "01900000-0000-7000-8000-000000000000",
    key: "rk_",
    sessionId: "01900000-0000-7000-8000-000000000000",
    token: "rs_",
    role: "viewer",
    freshName: "fresh",
    freshPassword: "another good passphrase",
  };
  await operator.call("users.create", { username: scene.username, password: PASSWORD });
  for (const text of fc.sample(frames(scene), 2000)) operator.send(text);
  expect(await operator.call("system.ping", {})).toHaveProperty("at");
  await operator.call("auth.whoami", {});
  await daemon.stop();
  for (const message of operator.untaken as object[]) {
    if ("method" in message) continue;
    for (const answer of Array.isArray(message) ? message : [message]) assertAnswer(answer);
  }
  expect(operator.untaken.length).toBeGreaterThan(1000);
});
