import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type OpenRpcDocument, openRpcDocument } from "../../protocol/index.ts";
import { fixture } from "../fixtures/fixture.ts";
import { breakingChanges, type Promised } from "./breaking-changes.ts";

const current = openRpcDocument("");
const releases = readdirSync(fixture("released")).filter((name) => /^openrpc-.*\.json$/.test(name));

function released(name: string): Promised {
  return JSON.parse(readFileSync(fixture(`released/${name}`), "utf8"));
}

test.each(releases)("who was written for %s is served as well by this version", (name) => {
  expect(breakingChanges(released(name), current)).toEqual([]);
});

/*
 * At a release its promises are kept: `RELEASE=0.2.0 npm test -- test/protocol/released.test.ts && npx biome format
 * --write test/fixtures`. What was released before stays as it is.
 */
if (process.env.RELEASE) keep(process.env.RELEASE);

function keep(version: string): void {
  const { methods, components, "x-permissions": permissions, "x-events": events } = current;
  const kept = { methods, components, "x-permissions": permissions, "x-events": events };
  const text = JSON.stringify(kept, (key, value) => (isProse(key, value) ? undefined : value), 2);
  writeFileSync(fixture(`released/openrpc-${version}.json`), `${text}\n`, { flag: "wx" });
}

function isProse(key: string, value: unknown): boolean {
  return key === "examples" || (["description", "summary"].includes(key) && typeof value === "string");
}

/** A copy of the current document after one change. */
function changed(change: (document: OpenRpcDocument) => void): Promised {
  const copy: OpenRpcDocument = structuredClone(current);
  change(copy);
  return copy;
}

type Documents = [name: string, change: (document: OpenRpcDocument) => void];

const method = ({ methods }: OpenRpcDocument, name: string) =>
  methods.find((one) => one.name === name) as never as Method;
interface Method {
  params: { name: string; required: boolean; schema: Schema }[];
  result: { schema: Schema };
  errors: { $ref: string }[];
  [extension: `x-${string}`]: unknown;
}
type Schema = Record<string, never> & {
  properties: Record<string, Schema>;
  required: string[];
  enum: string[];
  type: string;
};
const param = (document: OpenRpcDocument, name: string, of: string) =>
  method(document, name).params.find((one) => one.name === of) as Method["params"][number];
const object = ({ components }: OpenRpcDocument, name: string) => components.schemas[name] as never as Schema;

describe("what breaks clients is found", () => {
  test.each([
    ["a method is gone", (d) => void d.methods.shift()],
    ["a parameter is gone", (d) => void method(d, "users.list").params.pop()],
    [
      "a parameter has become required",
      (d) => void Object.assign(param(d, "users.list", "filter"), { required: true }),
    ],
    [
      "a required parameter is new",
      (d) => void method(d, "users.get").params.push({ name: "why", required: true, schema: {} as Schema }),
    ],
    [
      "a number has a smaller range",
      (d) => void Object.assign(param(d, "users.list", "limit").schema, { maximum: 100 }),
    ],
    ["a text is shorter", (d) => void Object.assign(object(d, "FreeText"), { maxLength: 10 })],
    [
      "a default is another",
      (d) => void Object.assign(param(d, "users.list", "limit").schema, { default: 10 }),
    ],
    ["a value of a parameter is gone", (d) => void object(d, "UserSort").properties.by?.enum.pop()],
    ["a parameter has another type", (d) => void Object.assign(object(d, "UserRef"), { type: "integer" })],
    [
      "null is no longer taken",
      (d) =>
        void Object.assign(object(d, "UserChanges").properties.validUntil as Schema, {
          anyOf: [{ type: "string" }],
        }),
    ],
    ["a field of a parameter is gone", (d) => void delete object(d, "UserFilter").properties.text],
    ["a field of a result is gone", (d) => void delete object(d, "User").properties.theme],
    ["a field of a result may be absent", (d) => void object(d, "User").required.pop()],
    [
      "a field may be null",
      (d) =>
        void Object.assign(object(d, "User").properties.fullName as Schema, { type: ["string", "null"] }),
    ],
    [
      "a field has another type",
      (d) => void Object.assign(object(d, "User").properties.revision as Schema, { type: "string" }),
    ],
    ["an error is gone", (d) => void delete d.components.errors.busy],
    ["an error has another number", (d) => void Object.assign(d.components.errors.busy ?? {}, { code: 503 })],
    ["a method's error is gone", (d) => void method(d, "auth.login").errors.pop()],
    ["a permission is gone", (d) => void d["x-permissions"].pop()],
    [
      "another permission is needed",
      (d) => void Object.assign(method(d, "users.list"), { "x-permission": ["audit.read"] }),
    ],
    [
      "a password proof is needed",
      (d) => void Object.assign(method(d, "users.disable"), { "x-sudo": "always" }),
    ],
    [
      "one's own account is no longer free",
      (d) => void Object.assign(method(d, "keys.list"), { "x-own": null }),
    ],
    [
      "a kind of caller is shut out",
      (d) => void Object.assign(method(d, "users.list"), { "x-callers": ["session"] }),
    ],
    ["a topic is gone", (d) => void d["x-events"].topics.pop()],
    ["a type of event is gone", (d) => void d["x-events"].topics[0]?.types.pop()],
  ] as Documents[])("%s", (_name, change) => {
    expect(breakingChanges(current, changed(change))).not.toEqual([]);
  });
});

describe("what only grows breaks nobody", () => {
  test.each([
    [
      "a method",
      (d) => void d.methods.push({ ...(d.methods[0] as (typeof d.methods)[0]), name: "system.new" }),
    ],
    [
      "a parameter that may be left out",
      (d) => void method(d, "users.get").params.push({ name: "why", required: false, schema: {} as Schema }),
    ],
    [
      "a field of a result",
      (d) => void Object.assign(object(d, "User").properties, { shoeSize: { type: "integer" } }),
    ],
    ["a value of a result", (d) => void object(d, "ApiKey").properties.status?.enum.push("resting")],
    ["a value of a parameter", (d) => void object(d, "UserSort").properties.by?.enum.push("roles")],
    ["a larger range", (d) => void Object.assign(param(d, "users.list", "limit").schema, { maximum: 1000 })],
    ["an error", (d) => void method(d, "users.list").errors.push({ $ref: "#/components/errors/busy" })],
    ["a type of event", (d) => void d["x-events"].topics[0]?.types.push("user.sneezed")],
  ] as Documents[])("%s", (_name, change) => {
    expect(breakingChanges(current, changed(change))).toEqual([]);
  });
});
