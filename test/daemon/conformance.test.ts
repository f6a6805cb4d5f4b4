import { describe, expect, test } from "vitest";
import { startTestDaemon } from "./start-daemon.ts";

const AT = "2026-03-01T12:00:00.000Z";
const pong = (id: unknown) => ({ jsonrpc: "2.0", id, result: { at: AT } });
const error = (id: unknown, code: number) => ({
  jsonrpc: "2.0",
  id,
  error: expect.objectContaining({ code, message: expect.any(String) }),
});
const ping = (id?: unknown) => ({ jsonrpc: "2.0", method: "system.ping", ...(id !== undefined && { id }) });

/** Asks one frame and then a ping, so that silence shows too: what came before the ping's answer. */
async function answersTo(frame: unknown): Promise<unknown[]> {
  const daemon = await startTestDaemon();
  const client = await daemon.operator();
  client.send(frame);
  client.send(ping("last"));
  const answers: unknown[] = [];
  for (;;) {
    const answer = await client.next<unknown>();
    if (JSON.stringify(answer) === JSON.stringify(pong("last"))) return answers;
    answers.push(answer);
  }
}

describe("the examples of JSON-RPC 2.0, section 7", () => {
  const examples: [name: string, frame: unknown, answers: unknown[]][] = [
    [
      "rpc call with positional parameters: Roster takes them by name",
      { jsonrpc: "2.0", method: "system.ping", params: [42, 23], id: 1 },
      [error(1, -32602)],
    ],
    [
      "rpc call with named parameters",
      { jsonrpc: "2.0", method: "system.ping", params: {}, id: 3 },
      [pong(3)],
    ],
    ["a notification", { jsonrpc: "2.0", method: "system.ping", params: {} }, []],
    ["a notification of a method that does not exist", { jsonrpc: "2.0", method: "foobar" }, []],
    ["rpc call of non-existent method", { jsonrpc: "2.0", method: "foobar", id: "1" }, [error("1", -32601)]],
    [
      "rpc call with invalid JSON",
      '{"jsonrpc": "2.0", "method": "foobar, "params": "bar", "baz]',
      [error(null, -32700)],
    ],
    [
      "rpc call with invalid Request object",
      { jsonrpc: "2.0", method: 1, params: "bar" },
      [error(null, -32600)],
    ],
    [
      "rpc call batch, invalid JSON",
      '[{"jsonrpc": "2.0", "method": "sum", "params": [1,2,4], "id": "1"}, {"jsonrpc": "2.0", "method"]',
      [error(null, -32700)],
    ],
    ["rpc call with an empty array", [], [error(null, -32600)]],
    ["rpc call with an invalid batch (but not empty)", [1], [[error(null, -32600)]]],
    [
      "rpc call with invalid batch",
      [1, 2, 3],
      [[error(null, -32600), error(null, -32600), error(null, -32600)]],
    ],
    [
      "rpc call batch",
      [
        ping("1"),
        { jsonrpc: "2.0", method: "notify_hello", params: [7] },
        { jsonrpc: "2.0", method: "system.ping", params: { subtrahend: 23 }, id: "2" },
        { foo: "boo" },
        { jsonrpc: "2.0", method: "foo.get", params: { name: "myself" }, id: "5" },
        ping("9"),
      ],
      [[pong("1"), error("2", -32602), error(null, -32600), error("5", -32601), pong("9")]],
    ],
    [
      "rpc call batch (all notifications)",
      [ping(), { jsonrpc: "2.0", method: "notify_hello", params: [7] }],
      [],
    ],
  ];

  test.each(examples)("%s", async (_name, frame, answers) => {
    expect(await answersTo(frame)).toEqual(answers);
  });
});

describe("the edges", () => {
  const nested = (levels: number): unknown => (levels === 0 ? 1 : { a: nested(levels - 1) });
  const withParams = (params: unknown, id: unknown = 1) => ({
    jsonrpc: "2.0",
    method: "system.ping",
    params,
    id,
  });
  const edges: [name: string, frame: unknown, answers: unknown[]][] = [
    ["a batch of one is answered by an array", [ping(1)], [[pong(1)]]],
    [
      "a batch at the limit",
      Array.from({ length: 50 }, (_, id) => ping(id)),
      [Array.from({ length: 50 }, (_, id) => pong(id))],
    ],
    [
      "a batch over the limit gets one error",
      Array.from({ length: 51 }, (_, id) => ping(id)),
      [error(null, -32600)],
    ],
    ["an id of null is answered", ping(null), [pong(null)]],
    ["an id of 64 characters", ping("x".repeat(64)), [pong("x".repeat(64))]],
    ["an id of 65 characters", ping("x".repeat(65)), [error(null, -32600)]],
    ["the largest safe integer as id", ping(Number.MAX_SAFE_INTEGER), [pong(Number.MAX_SAFE_INTEGER)]],
    ["an id beyond the safe integers", ping(2 ** 53), [error(null, -32600)]],
    ["an id with a fraction", ping(1.5), [error(null, -32600)]],
    ["an id that is an object", ping({}), [error(null, -32600)]],
    ["an id that is an array", ping([1]), [error(null, -32600)]],
    ["an id that is a boolean", ping(true), [error(null, -32600)]],
    ["params that are a number", withParams(1), [error(1, -32600)]],
    ["params that are null", withParams(null), [error(1, -32600)]],
    ["params that are a string", withParams("bar"), [error(1, -32600)]],
    ["a method that is a number", { jsonrpc: "2.0", method: 1, id: 7 }, [error(7, -32600)]],
    ["no method", { jsonrpc: "2.0", id: "x" }, [error("x", -32600)]],
    ["no version", { method: "system.ping", id: 1 }, [error(1, -32600)]],
    ["version 1.0", { jsonrpc: "1.0", method: "system.ping", id: 1 }, [error(1, -32600)]],
    ["the version as a number", { jsonrpc: 2, method: "system.ping", id: 1 }, [error(1, -32600)]],
    ["an answer sent to the daemon", { jsonrpc: "2.0", result: 1, id: 1 }, [error(1, -32600)]],
    ["null", "null", [error(null, -32600)]],
    ["a batch that holds null", [null, ping(1)], [[error(null, -32600), pong(1)]]],
    ["a batch that holds an empty batch", [[]], [[error(null, -32600)]]],
    ["an empty frame", "", [error(null, -32700)]],
    ["a notification with bad params", { ...ping(), params: { unknown: 1 } }, []],
    ["an unknown parameter", withParams({ unknown: 1 }), [error(1, -32602)]],
    ["a method of Object.prototype", { jsonrpc: "2.0", method: "constructor", id: 1 }, [error(1, -32601)]],
    ["a method named __proto__", { jsonrpc: "2.0", method: "__proto__", id: 1 }, [error(1, -32601)]],
    [
      "the key __proto__",
      '{"jsonrpc":"2.0","method":"system.ping","params":{"__proto__":{}},"id":1}',
      [error(1, -32602)],
    ],
    ["the key constructor, deep", withParams({ a: [{ constructor: 1 }] }), [error(1, -32602)]],
    ["the key prototype beside the params", { ...ping(1), prototype: 1 }, [error(1, -32602)]],
    [
      "a forbidden key with an unknown method",
      { jsonrpc: "2.0", method: "x", params: { prototype: 1 }, id: 1 },
      [error(1, -32601)],
    ],
    ["32 levels", withParams(nested(31)), [error(1, -32602)]],
    ["33 levels", withParams(nested(32)), [error(1, -32600)]],
    ["half a megabyte of opening brackets", "[".repeat(500_000), [error(null, -32700)]],
    ["250,000 levels", `${"[".repeat(250_000)}${"]".repeat(250_000)}`, [[error(null, -32600)]]],
  ];

  test.each(edges)("%s", async (_name, frame, answers) => {
    expect(await answersTo(frame)).toEqual(answers);
  });

  test("every problem of the parameters is told at once, with its place", async () => {
    const [answer] = await answersTo({
      jsonrpc: "2.0",
      method: "users.list",
      params: { limit: 0, offset: -1, nonsense: true },
      id: 1,
    });
    const issues = (answer as { error: { data: { issues: { path: unknown[] }[] } } }).error.data.issues;
    expect(issues.map(({ path }) => path)).toEqual(expect.arrayContaining([["limit"], ["offset"], []]));
    expect(issues).toHaveLength(3);
  });

  test("a forbidden key is named with its place", async () => {
    expect(await answersTo(withParams({ a: [{ constructor: 1 }] }))).toMatchObject([
      { error: { data: { issues: [{ path: ["a", 0, "constructor"] }] } } },
    ]);
  });
});
