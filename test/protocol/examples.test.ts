import { expect, test } from "vitest";
import type { ExampleCaller } from "../../protocol/examples/example.ts";
import { type OpenRpcDocument, openRpcDocument } from "../../protocol/index.ts";
import { openExampleDirectory } from "./example-directory.ts";

const { methods } = openRpcDocument("0.0.0");
const examples = methods.flatMap(({ name: method, examples }) =>
  examples.map((example) => ({ method, ...example })),
);

test.each(examples)("$method: $name", async ({ method, description, params, result }) => {
  const { caller, likeness } = await openExampleDirectory();
  const client = await caller(description.replace("Asked by ", "") as ExampleCaller);
  const given = Object.fromEntries(params.map(({ name, value }) => [name, value]));
  const answer: unknown = await client.call(method as "auth.whoami", likeness.realise(given) as never);
  const shown = method === "rpc.discover" ? outlineOf(answer as OpenRpcDocument) : answer;
  expect(likeness.liken(shown, result.value)).toEqual(result.value);
});

/** The document would hold itself: its example leaves the lists out. */
function outlineOf(document: OpenRpcDocument): OpenRpcDocument {
  const { notification } = document["x-events"];
  return {
    ...document,
    methods: [],
    components: { schemas: {}, errors: {} },
    "x-permissions": [],
    "x-events": { notification, params: {}, topics: [] },
  };
}
