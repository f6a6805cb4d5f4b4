import { z } from "zod";
import type { JsonSchema } from "./openrpc-document.ts";
import { Json } from "./scalars.ts";

/** Turns zod schemas into JSON Schemas that refer to those with an id, which it gathers. */
export class SchemaComponents {
  readonly named: Record<string, JsonSchema> = {};

  /** What a caller may send. */
  ofInput(schema: z.ZodType): JsonSchema {
    return this.#convert(schema, "input");
  }

  /** What the daemon answers. */
  ofOutput(schema: z.ZodType): JsonSchema {
    return this.#convert(schema, "output");
  }

  #convert(schema: z.ZodType, io: "input" | "output"): JsonSchema {
    // Inside another object, so that a schema with an id is referred to like any other.
    const converted = z.toJSONSchema(z.object({ schema }), {
      target: "draft-07",
      io,
      // Any value at all: tools that resolve every reference would never come to the end of one to itself.
      override: ({ zodSchema, jsonSchema }) => Object.is(zodSchema, Json) && delete jsonSchema.anyOf,
    });
    const { properties, definitions } = tidied(converted) as JsonSchema & { definitions?: object };
    Object.assign(this.named, definitions);
    return properties?.schema ?? {};
  }
}

/** Without what the generator adds that tells a reader nothing. */
function tidied(schema: object): unknown {
  return JSON.parse(JSON.stringify(schema), (key, value) => {
    if (typeof value === "string") return key === "$ref" ? toComponent(value) : value;
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return withoutNoise(value);
  });
}

function toComponent(reference: string): string {
  return reference.replace("#/definitions/", "#/components/schemas/");
}

function withoutNoise(schema: JsonSchema & { pattern?: string; propertyNames?: object }): JsonSchema {
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.format === "date-time") delete schema.pattern;
  if (schema.type === "object") delete schema.propertyNames;
  return withoutWrapper(schema);
}

/** A description beside a reference stays; the title is the named schema's own. */
export function withoutWrapper(schema: JsonSchema): JsonSchema {
  const [only, ...others] = schema.allOf ?? [];
  if (!only || others.length > 0) return schema;
  const { title, ...rest } = schema;
  return Object.keys(rest).length === 1 ? only : rest;
}
