import { expect, test } from "vitest";
import { answerText } from "../../daemon/answer-text.ts";
import { share } from "../../daemon/directory/shared.ts";

/** A result that counts how often its text is made. */
function countedResult(name: string) {
  let made = 0;
  const toJSON = () => {
    made += 1;
    return { name };
  };
  return { result: { toJSON }, made: () => made };
}

test("an answer's text is what JSON.stringify makes of it", () => {
  const answers = [
    { jsonrpc: "2.0" as const, id: 1, result: { name: 'a "quoted" é name' } },
    { jsonrpc: "2.0" as const, id: 'a"b\n', result: share({ name: "mia", roles: ["viewer"] }) },
    { jsonrpc: "2.0" as const, id: null, result: share([1, null, "two"]) },
    { jsonrpc: "2.0" as const, id: 2, result: null },
    {
      jsonrpc: "2.0" as const,
      id: 4,
      result: {
        valid: true,
        'a "name"': undefined,
        user: share({ name: "é" }),
        key: { uses: [1] },
        no: null,
      },
    },
    { jsonrpc: "2.0" as const, id: 3, error: { code: 404, message: "There is no user mia" } },
  ];
  for (const answer of answers) {
    expect(answerText(answer)).toBe(JSON.stringify(answer));
    expect(answerText(answer)).toBe(JSON.stringify(answer));
  }
});

test("the text of a shared result is kept from the second time on, whoever asks", () => {
  const { result, made } = countedResult("mia");
  share(result);
  for (const id of [1, "x", 2, 3]) {
    expect(answerText({ jsonrpc: "2.0", id, result })).toBe(
      `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{"name":"mia"}}`,
    );
  }
  expect(made()).toBe(2);
});

test("the text of a shared part of a result is kept, that of the rest made each time", () => {
  const { result: user, made } = countedResult("mia");
  share(user);
  for (const uses of [1, 2, 3, 4]) {
    expect(answerText({ jsonrpc: "2.0", id: 1, result: { user, uses } })).toBe(
      `{"jsonrpc":"2.0","id":1,"result":{"user":{"name":"mia"},"uses":${uses}}}`,
    );
  }
  expect(made()).toBe(2);
});

test("nobody can change what is shared", () => {
  const user = share({ name: "mia" });
  expect(() => Object.assign(user, { name: "zoe" })).toThrow();
});

test("the text of a result without a shared part is made once a call", () => {
  const { result, made } = countedResult("mia");
  expect(answerText({ jsonrpc: "2.0", id: 1, result: { items: [result], total: 1 } })).toBe(
    '{"jsonrpc":"2.0","id":1,"result":{"items":[{"name":"mia"}],"total":1}}',
  );
  expect(made()).toBe(1);
});

test("the text of a result that may still change is made each time", () => {
  const result = { revision: 1 };
  expect(answerText({ jsonrpc: "2.0", id: 1, result })).toContain('"revision":1');
  result.revision = 2;
  expect(answerText({ jsonrpc: "2.0", id: 1, result })).toContain('"revision":2');
});

test("texts that were not asked for among very many others are forgotten", () => {
  const { result, made } = countedResult("mia");
  share(result);
  const askTwice = (of: object) => [1, 2].map((id) => answerText({ jsonrpc: "2.0", id, result: of }));
  askTwice(result);
  for (let count = 0; count < 20_000; count += 1) askTwice(share({ count }));
  expect(askTwice(result).at(-1)).toContain("mia");
  expect(made()).toBe(3);
});
