import { createRequire } from "node:module";
import { describe, expect, test } from "vitest";
import { type JsonSchema, methodNames, openRpcDocument } from "../../protocol/index.ts";
import { startTestDaemon } from "../daemon/start-daemon.ts";

/** Required and not imported: its types come as sources that our compiler options refuse. */
const { parseOpenRPCDocument, validateOpenRPCDocument }: OpenRpcTools = createRequire(import.meta.url)(
  "@open-rpc/schema-utils-js",
);

interface OpenRpcTools {
  validateOpenRPCDocument(document: object): true | Error;
  /** Resolves every reference. */
  parseOpenRPCDocument(document: object): Promise<object>;
}

const document = openRpcDocument("1.2.3");
const documented = new Map(document.methods.map((method) => [method.name, method]));

test("whoever connects gets it, before any login", async () => {
  const daemon = await startTestDaemon();
  const stranger = await daemon.stranger();
  const discovered = await stranger.call("rpc.discover", {});
  expect(discovered).toEqual(openRpcDocument("0.0.0-test"));
});

test("it is a valid OpenRPC 1.3.2 document, and every reference in it leads somewhere", async () => {
  expect(document.openrpc).toBe("1.3.2");
  expect(validateOpenRPCDocument(document)).toBe(true);
  await parseOpenRPCDocument(structuredClone(document));
});

test("every method stands in it with summary, errors, examples and who may call it", () => {
  expect([...documented.keys()]).toEqual(methodNames);
  for (const method of document.methods) {
    expect(method.summary).not.toBe("");
    expect(method.errors.length).toBeGreaterThan(0);
    expect(method["x-callers"].length).toBeGreaterThan(0);
  }
});

test("permission, target and sudo are those of the declaration", () => {
  expect(documented.get("keys.rotate")).toMatchObject({
    "x-callers": ["session", "key", "local"],
    "x-permission": ["keys.manage"],
    "x-target": "key",
    "x-own": [],
    "x-key": "itself",
    "x-sudo": "always",
  });
  expect(documented.get("users.update")).toMatchObject({
    "x-own": ["fullName", "theme"],
    "x-sudo": "sometimes",
    "x-sudo-when": "to change roles",
  });
  expect(documented.get("users.import")?.["x-permission-also"]).toContainEqual({
    permission: "users.password",
    when: "for rows with a password",
  });
  expect(documented.get("auth.login")).toMatchObject({
    "x-callers": ["anonymous", "session", "key", "local"],
    "x-permission": [],
    "x-own": null,
    "x-sudo": "never",
  });
});

test("errors follow from the declaration, and the rules' own are added", () => {
  const errors = (method: string) =>
    documented.get(method)?.errors.map(({ $ref }) => $ref.replace("#/components/errors/", ""));
  expect(errors("system.ping")).toEqual(["unauthenticated", "sessionExpired"]);
  expect(errors("users.disable")).toEqual([
    "unauthenticated",
    "sessionExpired",
    "passwordChangeRequired",
    "invalidParams",
    "forbidden",
    "notFound",
    "outranked",
    "lastAdministrator",
    "ownAccount",
    "invalidState",
    "storeUnavailable",
  ]);
  expect(errors("keys.create")).toContain("reauthenticationRequired");
  expect(document.components.errors.lastAdministrator).toMatchObject({
    code: 409,
    data: { reason: "lastAdministrator" },
  });
});

test("parameters say what may be left out and what it is then", () => {
  const limit = documented.get("users.list")?.params.find(({ name }) => name === "limit");
  expect(limit).toMatchObject({
    required: false,
    schema: { type: "integer", minimum: 1, maximum: 500, default: 50 },
  });
  const username = documented.get("users.create")?.params.find(({ name }) => name === "username");
  expect(username).toMatchObject({ required: true });
});

describe("everything is described", () => {
  /** The paths of fields without a description, named objects entered each once. */
  function undescribed(schema: JsonSchema, path: string): string[] {
    const fields = Object.entries(schema.properties ?? {}).flatMap(([name, field]) => [
      ...(field.description ? [] : [`${path}.${name}`]),
      ...undescribed(field, `${path}.${name}`),
    ]);
    const parts = [schema.items, ...(schema.anyOf ?? []), schema.additionalProperties];
    const inside = parts.flatMap((part) => (typeof part === "object" ? undescribed(part, path) : []));
    return [...fields, ...inside];
  }

  test.each(document.methods)(
    "every parameter and every field of the result of $name",
    ({ params, result }) => {
      for (const { name, description } of params) expect(description, name).toMatch(/\S/);
      expect(params.flatMap(({ name, schema }) => undescribed(schema, name))).toEqual([]);
      expect(undescribed(result.schema, "result")).toEqual([]);
    },
  );

  test.each(Object.entries(document.components.schemas))("%s and every field of it", (name, schema) => {
    expect(schema.description).toMatch(/\S/);
    expect(undescribed(schema, name)).toEqual([]);
  });

  test("in sentences of one style: a capital or a word of code first, no full stop last", () => {
    const schemas = document.methods.flatMap(({ params, result }) => [params, result.schema]);
    const json = JSON.stringify([schemas, document.components.schemas]);
    const texts = [...json.matchAll(/"description":"((?:[^"\\]|\\.)*)"/g)].map(([, text = ""]) => text);
    expect(texts.length).toBeGreaterThan(100);
    expect(texts.filter((text) => !/^[A-Z`0-9].*[^.]$/.test(text))).toEqual([]);
  });
});
