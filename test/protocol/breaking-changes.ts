import type { JsonSchema, MethodDocument, OpenRpcDocument } from "../../protocol/index.ts";

type Side = "input" | "output";

/** What of a document a client may rely on. */
export type Promised = Pick<OpenRpcDocument, "methods" | "components" | "x-permissions" | "x-events">;

/**
 * What breaks a client of `before` at a daemon of `after`, one line each. A newer contract may add methods, parameters
 * that can be left out, fields, errors, permissions, events and values of an enumeration; it takes nothing away.
 */
export function breakingChanges(before: Promised, after: Promised): string[] {
  const methods = new Map(after.methods.map((method) => [method.name, method]));
  return [
    ...before.methods.flatMap((method) => {
      const now = methods.get(method.name);
      return now ? methodChanges(method, now, before, after) : [`${method.name} is gone`];
    }),
    ...errorChanges(before, after),
    ...missing(namesOf(before["x-permissions"]), namesOf(after["x-permissions"]), "permission"),
    ...eventChanges(before, after),
  ];
}

function methodChanges(was: MethodDocument, is: MethodDocument, before: Promised, after: Promised): string[] {
  const { name } = was;
  const schemas = new Schemas(before, after);
  const params = new Map(is.params.map((param) => [param.name, param]));
  const old = new Set(was.params.map((param) => param.name));
  return [
    ...was.params.flatMap((param) => {
      const now = params.get(param.name);
      const where = `${name}(${param.name})`;
      if (!now) return [`${where} is gone`];
      const required = now.required && !param.required ? [`${where} has become required`] : [];
      return [...required, ...schemas.compare(param.schema, now.schema, where, "input")];
    }),
    ...is.params
      .filter((param) => param.required && !old.has(param.name))
      .map((param) => `${name}(${param.name}) is new and required`),
    ...schemas.compare(was.result.schema, is.result.schema, `${name} result`, "output"),
    ...missing(refsOf(was), refsOf(is), `${name} error`),
    ...accessChanges(was, is),
  ];
}

function accessChanges(was: MethodDocument, is: MethodDocument): string[] {
  const { name } = was;
  const also = ({ "x-permission-also": also }: MethodDocument) =>
    also.map(({ permission, when }) => `${permission} ${when}`);
  const sudo = ["never", "sometimes", "always"] as const;
  const rises = sudo.indexOf(is["x-sudo"]) > sudo.indexOf(was["x-sudo"]);
  return [
    ...missing(was["x-callers"], is["x-callers"], `${name} caller`),
    ...missing(is["x-permission"], was["x-permission"], `${name} needs more: before, permission`),
    ...missing(also(is), also(was), `${name} needs more: before, permission`),
    ...(rises ? [`${name} needs a fresh password proof`] : []),
    ...(was["x-own"] && !is["x-own"] ? [`${name} is no longer free for one's own account`] : []),
    ...(was["x-key"] && was["x-key"] !== is["x-key"]
      ? [`${name} is no longer free for ${was["x-key"]}`]
      : []),
  ];
}

function errorChanges(before: Promised, after: Promised): string[] {
  return Object.entries(before.components.errors).flatMap(([name, { code }]) => {
    const now = after.components.errors[name];
    if (!now) return [`error ${name} is gone`];
    return now.code === code ? [] : [`error ${name} is ${now.code} instead of ${code}`];
  });
}

function eventChanges(before: Promised, after: Promised): string[] {
  const topics = new Map(after["x-events"].topics.map((topic) => [topic.name, topic]));
  return [
    ...before["x-events"].topics.flatMap(({ name, permission, types }) => {
      const now = topics.get(name);
      if (!now) return [`topic ${name} is gone`];
      const moved = now.permission === permission ? [] : [`topic ${name} needs ${now.permission}`];
      return [...moved, ...missing(types, now.types, `topic ${name} type`)];
    }),
    ...new Schemas(before, after).compare(
      before["x-events"].params,
      after["x-events"].params,
      "event",
      "output",
    ),
  ];
}

function missing(before: readonly string[], after: readonly string[], what: string): string[] {
  return before.filter((name) => !after.includes(name)).map((name) => `${what} ${name} is gone`);
}

function namesOf(list: readonly { name: string }[]): string[] {
  return list.map(({ name }) => name);
}

function refsOf({ errors }: MethodDocument): string[] {
  return errors.map(({ $ref }) => $ref.slice($ref.lastIndexOf("/") + 1));
}

/** Compares schemas of two documents, each resolved in its own. */
class Schemas {
  readonly #before: Promised;
  readonly #after: Promised;

  constructor(before: Promised, after: Promised) {
    this.#before = before;
    this.#after = after;
  }

  /** `input`: all that was taken is still taken. `output`: all that was promised is still answered. */
  compare(was: JsonSchema, is: JsonSchema, where: string, side: Side): string[] {
    const [old, now] = [resolved(was, this.#before), resolved(is, this.#after)];
    // Of what may be one of several, each must find its like on the other side.
    const [from, to] = side === "input" ? [old, now] : [now, old];
    return alternatives(from).flatMap((one) => {
      const tries = alternatives(to).map((other) =>
        side === "input"
          ? this.#compareOne(one, other, where, side)
          : this.#compareOne(other, one, where, side),
      );
      return (
        tries.find((found) => found.length === 0) ?? tries.toSorted((a, b) => a.length - b.length)[0] ?? []
      );
    });
  }

  #compareOne(was: JsonSchema, is: JsonSchema, where: string, side: Side): string[] {
    const [old, now] = [resolved(was, this.#before), resolved(is, this.#after)];
    if (old.anyOf || now.anyOf) return this.compare(old, now, where, side);
    return [
      ...kindChanges(old, now, where, side),
      ...(side === "input" ? narrowed(old, now, where) : []),
      ...this.#fieldChanges(old, now, where, side),
      ...(old.items && now.items ? this.compare(old.items, now.items, `${where}[]`, side) : []),
    ];
  }

  #fieldChanges(was: JsonSchema, is: JsonSchema, where: string, side: Side): string[] {
    const { required: mustWas = [], properties: fields = {} } = was;
    const { required: mustIs = [], properties: now = {} } = is;
    const lost = side === "output" ? mustWas.filter((name) => !mustIs.includes(name)) : [];
    const demanded = side === "input" ? mustIs.filter((name) => !mustWas.includes(name)) : [];
    return [
      ...lost.map((name) => `${where}.${name} may be absent now`),
      ...demanded.map((name) => `${where}.${name} has become required`),
      ...Object.entries(fields).flatMap(([name, field]) => {
        const other = now[name];
        return other ? this.compare(field, other, `${where}.${name}`, side) : [`${where}.${name} is gone`];
      }),
    ];
  }
}

function resolved(schema: JsonSchema, { components }: Promised): JsonSchema {
  const { $ref } = schema.allOf?.length === 1 ? (schema.allOf[0] ?? schema) : schema;
  if ($ref === undefined) return schema;
  return components.schemas[$ref.slice($ref.lastIndexOf("/") + 1)] ?? {};
}

function alternatives(schema: JsonSchema): JsonSchema[] {
  return (
    schema.anyOf ?? (Array.isArray(schema.type) ? schema.type.map((type) => ({ ...schema, type })) : [schema])
  );
}

function kindChanges(was: JsonSchema, is: JsonSchema, where: string, side: Side): string[] {
  const [from, to] = side === "input" ? [was, is] : [is, was];
  // Who said nothing of the type takes, and may answer, anything.
  if (to.type !== undefined && to.type !== from.type)
    return [`${where} is ${is.type} instead of ${was.type}`];
  if (was.const !== undefined && was.const !== is.const) return [`${where} is no longer ${was.const}`];
  return [];
}

function narrowed(was: JsonSchema & Bounds, is: JsonSchema & Bounds, where: string): string[] {
  const values = is.enum ? (was.enum ?? ["anything else"]).filter((value) => !is.enum?.includes(value)) : [];
  const tighter = (["maximum", "maxLength", "maxItems"] as const).filter(
    (bound) => (is[bound] ?? Infinity) < (was[bound] ?? Infinity),
  );
  const higher = (["minimum", "minLength", "minItems"] as const).filter(
    (bound) => (is[bound] ?? -Infinity) > (was[bound] ?? -Infinity),
  );
  const forms = (["pattern", "format"] as const).filter((form) => is[form] && is[form] !== was[form]);
  const isOtherwise = JSON.stringify(was.default) !== JSON.stringify(is.default);
  return [
    ...values.map((value) => `${where} no longer takes ${value}`),
    ...[...tighter, ...higher, ...forms].map((bound) => `${where} has a narrower ${bound}`),
    ...(isOtherwise ? [`${where} has another default`] : []),
  ];
}

interface Bounds {
  maxItems?: number;
  minItems?: number;
  pattern?: string;
}
