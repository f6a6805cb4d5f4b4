import { z } from "zod";
import { rememberedOf } from "./directory/shared.ts";

/** True only for what the schema lets pass: about anything else the schema itself is asked, and says what is wrong. */
type Guard = (value: unknown) => boolean;

/**
 * Makes the check that throws `ZodError` unless a result is what its schema says: whatever is more than that must not
 * leave. A shared object is handed out again while nothing in it changed (`userView`), so it is checked once, also
 * where it is only a part of a result. What is made anew for each call is checked by guards, in a quarter of the time
 * that the schema takes.
 */
export function createResultCheck(schema: z.ZodType): (result: unknown) => void {
  const passes = guardOf(schema);
  return (result) => {
    if (!passes(result)) schema.parse(result);
  };
}

function guardOf(schema: z.ZodType): Guard {
  if (schema instanceof z.ZodOptional) return orValue(undefined, schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodNullable) return orValue(null, schema.unwrap() as z.ZodType);
  if (isStrictObject(schema)) return objectGuard(schema);
  if (schema instanceof z.ZodArray && isPlain(schema)) return arrayGuard(schema.element as z.ZodType);
  const patterns = patternsOf(schema);
  if (patterns) return textGuard(patterns);
  if (isSafeInteger(schema)) return Number.isSafeInteger;
  if (schema instanceof z.ZodBoolean && isPlain(schema)) return (value) => typeof value === "boolean";
  if (schema instanceof z.ZodEnum && isPlain(schema)) return memberGuard(new Set(schema.options));
  return (value) => schema.safeParse(value).success;
}

/** Whether nothing is asked beyond the kind itself. */
function isPlain({ def }: { def: { checks?: readonly unknown[] | undefined } }): boolean {
  return !def.checks?.length;
}

function isStrictObject(schema: z.ZodType): schema is z.ZodObject {
  return schema instanceof z.ZodObject && schema.def.catchall instanceof z.ZodNever && isPlain(schema);
}

function orValue(other: unknown, schema: z.ZodType): Guard {
  const passes = guardOf(schema);
  return (value) => value === other || passes(value);
}

function isSafeInteger(schema: z.ZodType): boolean {
  return schema instanceof z.ZodNumberFormat && schema.format === "safeint" && isPlain(schema);
}

/** All that a text must match; undefined where more is asked. What is made of the text at the end does not matter here. */
function patternsOf(schema: z.ZodType): RegExp[] | undefined {
  if (schema instanceof z.ZodISODateTime && isPlain(schema))
    return schema.def.pattern && [schema.def.pattern];
  if (!(schema instanceof z.ZodString)) return undefined;
  const asked: { check: string; format?: string; pattern?: RegExp }[] = [];
  for (const { _zod } of schema.def.checks ?? []) asked.push(_zod.def);
  if (asked.at(-1)?.check === "overwrite") asked.pop();
  const patterns = asked.flatMap(({ format, pattern }) => (format === "regex" && pattern ? pattern : []));
  return patterns.length === asked.length ? patterns : undefined;
}

function textGuard(patterns: readonly RegExp[]): Guard {
  return (value) => typeof value === "string" && patterns.every((pattern) => pattern.test(value));
}

function memberGuard(options: ReadonlySet<unknown>): Guard {
  return (value) => options.has(value);
}

function arrayGuard(element: z.ZodType): Guard {
  const passes = guardOf(element);
  return (value) => Array.isArray(value) && value.every(passes);
}

function objectGuard(schema: z.ZodObject): Guard {
  const members = Object.entries(schema.shape).map(([name, member]) => ({
    name,
    passes: guardOf(member as z.ZodType),
  }));

  function isGood(value: object): boolean {
    let known = 0;
    for (const { name, passes } of members) {
      const member: unknown = value[name as never];
      if (!passes(member)) return false;
      if (member !== undefined) known += 1;
    }
    return Object.keys(value).length === known;
  }

  return (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
    const memo = rememberedOf(value);
    if (memo?.checkedBy === schema) return true;
    if (!isGood(value)) return false;
    if (memo) memo.checkedBy = schema;
    return true;
  };
}
