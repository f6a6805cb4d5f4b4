import type { JsonSchema, MethodDocument, OpenRpcDocument } from "../../protocol/index.ts";

/** A schema in a few words, as a programmer would write the type; what has a name is named. */
export function typeText(schema: JsonSchema): string {
  const { $ref, anyOf, allOf, enum: values, items, properties } = schema;
  if ($ref !== undefined) return nameOf($ref);
  if (anyOf) return anyOf.map(typeText).join(" | ");
  if (allOf) return allOf.map(typeText).join(" & ");
  if (values) return values.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (items) return arrayText(typeText(items));
  if (properties) return objectText(schema);
  if (typeof schema.additionalProperties === "object")
    return `{[name]: ${typeText(schema.additionalProperties)}}`;
  return [schema.type ?? "any"].flat().join(" | ") + rangeText(schema);
}

/** The last part of a reference: the component's name. */
export function nameOf(reference: string): string {
  return reference.slice(reference.lastIndexOf("/") + 1);
}

function arrayText(item: string): string {
  return item.includes(" ") ? `(${item})[]` : `${item}[]`;
}

function objectText({ properties = {}, required = [] }: JsonSchema): string {
  const fields = Object.entries(properties).map(
    ([name, schema]) => `${name}${required.includes(name) ? "" : "?"}: ${typeText(schema)}`,
  );
  return `{${fields.join(", ")}}`;
}

function rangeText({ minimum, maximum }: JsonSchema): string {
  if (minimum !== undefined && maximum !== undefined) return ` ${minimum} to ${maximum}`;
  if (minimum !== undefined) return ` from ${minimum}`;
  return maximum !== undefined ? ` up to ${maximum}` : "";
}

/** A field of an object in words; `name` is its path, with `?` where it may be absent. */
export interface FieldText {
  name: string;
  type: string;
  description: string;
}

/** An object's fields, and those of objects that are written out inside it; what has a name is not entered. */
export function fieldsText({ properties = {}, required = [] }: JsonSchema, path = ""): FieldText[] {
  return Object.entries(properties).flatMap(([field, { description = "", ...schema }]) => {
    const name = path + field;
    const inner = schema.items ? fieldsText(schema.items, `${name}[].`) : fieldsText(schema, `${name}.`);
    const type = inner.length === 0 ? typeText(schema) : schema.items ? "object[]" : "object";
    return [{ name: required.includes(field) ? name : `${name}?`, type, description }, ...inner];
  });
}

/** The named objects with fields that a schema refers to, directly or through each other, each once. */
export function objectsIn(schema: JsonSchema, { components }: OpenRpcDocument): Map<string, JsonSchema> {
  const found = new Map<string, JsonSchema>();
  const visit = (schema: JsonSchema): void => {
    const name = schema.$ref && nameOf(schema.$ref);
    const named = name ? components.schemas[name] : undefined;
    if (name && named && !found.has(name)) {
      if (named.properties) found.set(name, named);
      visit(named);
    }
    const { properties = {}, items, anyOf = [], allOf = [], additionalProperties } = schema;
    const parts = [...Object.values(properties), ...anyOf, ...allOf, ...(items ? [items] : [])];
    for (const part of parts) visit(part);
    if (typeof additionalProperties === "object") visit(additionalProperties);
  };
  visit(schema);
  return found;
}

/** Who may call a method. */
export function accessText(method: MethodDocument): string {
  const callers = method["x-callers"];
  const permissions = method["x-permission"];
  if (permissions.length === 0) return callers.includes("anonymous") ? "anyone" : `any ${callers.join(", ")}`;
  return [permissions.join(" and "), ...alsoTexts(method), ownText(method["x-own"]), keyText(method["x-key"])]
    .filter((part) => part !== "")
    .join("; ");
}

function alsoTexts({ "x-permission-also": also }: MethodDocument): string[] {
  return also.map(({ permission, when }) => `${permission} ${when}`);
}

function ownText(fields: MethodDocument["x-own"]): string {
  if (!fields) return "";
  const what = fields.length > 0 ? ` (${fields.join(", ")})` : "";
  return `a session needs none for its own account${what}`;
}

function keyText(right: MethodDocument["x-key"]): string {
  if (!right) return "";
  return right === "owner" ? "nor a key for its owner" : "nor a key for itself";
}

/** Whether a session must have proved its password in the last 15 minutes. */
export function sudoText({ "x-sudo": sudo, "x-sudo-when": when }: MethodDocument): string {
  return when ?? sudo;
}

export interface ErrorText {
  code: number;
  name: string;
  message: string;
}

/** What a method may be refused with, by number. */
export function errorsText(method: MethodDocument, { components }: OpenRpcDocument): ErrorText[] {
  return method.errors
    .map(({ $ref }) => {
      const name = nameOf($ref);
      const { code = 0, message = "" } = components.errors[name] ?? {};
      return { code, name, message };
    })
    .sort((a, b) => a.code - b.code);
}
