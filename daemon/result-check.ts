import { z } from "zod";

/** By which schema a shared object has been found good. */
const checked = new WeakMap<object, z.ZodType>();

/**
 * Throws `ZodError` unless the result is what its schema says: whatever is more than that must not leave. A frozen
 * object is handed out again while nothing in it changed (`userView`), so it is checked once, also where it is only
 * a part of a result.
 */
export function checkResult(schema: z.ZodType, result: unknown): void {
  if (typeof result !== "object" || result === null) {
    if (result !== undefined || !(schema instanceof z.ZodOptional)) schema.parse(result);
  } else if (Object.isFrozen(result)) {
    if (checked.get(result) === schema) return;
    schema.parse(result);
    checked.set(result, schema);
  } else {
    checkParts(schema, result);
  }
}

/** Where the schema is no more than its parts, each of them is checked by itself. */
function checkParts(schema: z.ZodType, result: object): void {
  if (schema instanceof z.ZodOptional) {
    checkResult(schema.unwrap() as z.ZodType, result);
  } else if (isListOfObjects(schema) && Array.isArray(result)) {
    for (const item of result) checkResult(schema.element, item);
  } else if (isStrictObject(schema) && !Array.isArray(result) && knowsAll(schema.shape, result)) {
    for (const name in schema.shape) checkResult(schema.shape[name] as z.ZodType, result[name as never]);
  } else {
    schema.parse(result);
  }
}

function isListOfObjects(schema: z.ZodType): schema is z.ZodArray<z.ZodObject> {
  return schema instanceof z.ZodArray && schema.element instanceof z.ZodObject && !schema.def.checks?.length;
}

function isStrictObject(schema: z.ZodType): schema is z.ZodObject {
  return (
    schema instanceof z.ZodObject && schema.def.catchall instanceof z.ZodNever && !schema.def.checks?.length
  );
}

function knowsAll(shape: object, result: object): boolean {
  return Object.keys(result).every((name) => Object.hasOwn(shape, name));
}
