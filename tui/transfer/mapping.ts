import { readFileSync } from "node:fs";
import { z } from "zod";
import { RoleName } from "../../protocol/index.ts";
import { misuse } from "../failure.ts";
import type { ForeignFormat, ForeignUser } from "./foreign.ts";

/** A group or role of another system → the roles that its members have here; none is a good answer too. */
export type Mapping = ReadonlyMap<string, readonly string[]>;

const MappingFile = z.record(z.string(), z.array(RoleName));

/** What is the same thing under another name. */
const known: Record<ForeignFormat, Record<string, string[]>> = {
  octoprint: { admins: ["admin"], users: ["viewer"], user: ["viewer"], readonly: ["viewer"], guests: [] },
  dandelion: {},
  erizos: {},
};

/** For every group of these users: what is known, else the role of the same name. */
export function proposeMapping(format: ForeignFormat, users: readonly ForeignUser[]): Mapping {
  const groups = [...new Set(users.flatMap((user) => user.groups))].sort();
  const ofFormat = new Map(Object.entries(known[format]));
  return new Map(groups.map((group) => [group, ofFormat.get(group) ?? [roleNameOf(group)]]));
}

/** The mapping in a file of JSON, such as the proposal after somebody has edited it. */
export function readMapping(file: string): Mapping {
  const parsed = MappingFile.safeParse(parse(file));
  if (parsed.success) return new Map(Object.entries(parsed.data));
  const [issue] = parsed.error.issues;
  throw misuse(
    `the mapping ${file} is wrong at "${issue?.path.join(".")}": it has the form {"group": ["role"]}`,
  );
}

/** The roles of somebody in these groups. Throws where the mapping is silent about one. */
export function rolesOf(groups: readonly string[], mapping: Mapping): string[] {
  const roles = groups.flatMap((group) => {
    const mapped = mapping.get(group);
    if (!mapped) throw misuse(`the mapping says nothing of "${group}": add "${group}": [] or its roles`);
    return mapped;
  });
  return [...new Set(roles)];
}

/** As people edit it, and `--mapping` reads it. */
export function printed(mapping: Mapping): string {
  return JSON.stringify(Object.fromEntries(mapping), null, 2);
}

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") throw misuse(`the mapping ${file} does not exist`);
    if (error instanceof SyntaxError)
      throw misuse(`the mapping ${file} is not valid JSON (${error.message})`);
    throw error;
  }
}

/** Near enough to the group's name for people to see what is meant. */
function roleNameOf(group: string): string {
  const name = group
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, "-")
    .replace(/^[^a-z0-9]+/, "");
  return /^[a-z]/.test(name) ? name.slice(0, 64) : `group-${name}`.slice(0, 64);
}
