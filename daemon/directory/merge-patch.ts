/**
 * JSON Merge Patch (RFC 7396, section 2): objects merge deeply, null deletes, anything else replaces.
 * Only own keys are read and every key is defined, never assigned, so that no name reaches a prototype.
 */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged = new Map(isObject(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name);
    else merged.set(name, mergePatch(merged.get(name), value));
  }
  return Object.fromEntries(merged);
}

/** JSON Pointers (RFC 6901) to what differs, as high up as one side has no object to go on into; sorted. */
export function differences(before: unknown, now: unknown, pointer = ""): string[] {
  if (!isObject(before) || !isObject(now)) {
    return JSON.stringify(before) === JSON.stringify(now) ? [] : [pointer];
  }
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...names]
    .sort()
    .flatMap((name) => differences(own(before, name), own(now, name), `${pointer}/${escaped(name)}`));
}

/** What an object has under a name itself, not by its prototype. */
export function own(object: object, name: string): unknown {
  return Object.getOwnPropertyDescriptor(object, name)?.value;
}

function escaped(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
