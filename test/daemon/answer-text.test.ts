import { expect, test } from "vitest";
import { answerText } from "../../daemon/answer-text.ts";

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
    { jsonrpc: "2.0" as const, id: 'a"b\n', result: Object.freeze({ name: "mia", roles: ["viewer"] }) },
    { jsonrpc: "2.0" as const, id: null, result: Object.freeze([1, null, "two"]) },
    { jsonrpc: "2.0" as const, id: 2, result: null },
    {
      jsonrpc: "2.0" as const,
      id: 4,
      result: {
        valid: true,
        'a "name"': undefined,
        user: Object.freeze({ name: "é" }),
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

test("the text of a frozen result is made once, whoever asks", () => {
  const { result, made } = countedResult("mia");
  Object.freeze(result);
  expect(answerText({ jsonrpc: "2.0", id: 1, result })).toBe(
    '{"jsonrpc":"2.0","id":1,"result":{"name":"mia"}}',
  );
  expect(answerText({ jsonrpc: "2.0", id: "x", result })).toBe(
    '{"jsonrpc":"2.0","id":"x","result":{"name":"mia"}}',
  );
  expect(made()).toBe(1);
});

test("the text of a frozen part of a result is made once, that of the rest each time", () => {
  const { result: user, made } = countedResult("mia");
  Object.freeze(user);
  const text = (uses: number) => answerText({ jsonrpc: "2.0", id: 1, result: { user, uses } });
  expect(text(1)).toBe('{"jsonrpc":"2.0","id":1,"result":{"user":{"name":"mia"},"uses":1}}');
  expect(text(2)).toBe('{"jsonrpc":"2.0","id":1,"result":{"user":{"name":"mia"},"uses":2}}');
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
  Object.freeze(result);
  answerText({ jsonrpc: "2.0", id: 1, result });
  for (let count = 0; count < 20_001; count += 1) {
    answerText({ jsonrpc: "2.0", id: 1, result: Object.freeze({ count }) });
  }
  expect(answerText({ jsonrpc: "2.0", id: 1, result })).toContain("mia");
  expect(made()).toBe(2);
});
