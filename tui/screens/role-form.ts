import {
  ownPermissions,
  type Principal,
  type Result,
  type Role,
  type RoleChanges,
} from "../../protocol/index.ts";
import type { FormField } from "../components/form.tsx";
import { fitWidth } from "../terminal/safe-text.ts";
import type { Difference } from "./conflict.tsx";

/** A role as a form holds it. */
export type RoleValues = {
  name: string;
  description: string;
  permissions: readonly string[];
  /** Applications' permissions that no role has yet, with blanks between them. */
  others: string;
};

export const emptyRole: RoleValues = { name: "", description: "", permissions: [], others: "" };

type Known = Result<"roles.permissions">["permissions"];

const NAME_CELLS = 20;
const own: ReadonlySet<string> = new Set(ownPermissions);

/** The fields of a role; of the permissions `rows` are shown at once. */
export function roleFields(known: Known, principal: Principal | null, rows: number): FormField<RoleValues>[] {
  const held = new Set(principal?.permissions);
  const options = known.map(({ name, description }) => {
    const beyond = own.has(name) && !held.has(name) ? " (you do not hold it)" : "";
    return {
      value: name,
      label: `${fitWidth(name, Math.max(NAME_CELLS, name.length + 1))}${description}${beyond}`,
    };
  });
  return [
    { kind: "text", name: "name", label: "Name", placeholder: "a-z 0-9 . _ -" },
    { kind: "text", name: "description", label: "Description", placeholder: "optional" },
    { kind: "multi-select", name: "permissions", label: "Permissions", options, rows },
    { kind: "text", name: "others", label: "Applications'", placeholder: "more, such as octoprint:print" },
  ];
}

export function roleValues({ name, description, permissions }: Role): RoleValues {
  return { name, description, permissions, others: "" };
}

/** Marked and typed permissions, each once. */
export function permissionsOf({ permissions, others }: RoleValues): string[] {
  return [...new Set([...permissions, ...others.split(/[\s,]+/).filter(Boolean)])].sort();
}

/** What `roles.update` has to be told. */
export function roleChanges(base: RoleValues, typed: RoleValues): RoleChanges {
  return {
    ...(typed.name !== base.name && { name: typed.name }),
    ...(typed.description !== base.description && { description: typed.description }),
    ...(differ(base, typed) && { permissions: permissionsOf(typed) }),
  };
}

/** Their version with what I changed put on top: a permission that I left alone stays as they have it. */
export function mergedRole(base: RoleValues, mine: RoleValues, theirs: RoleValues): RoleValues {
  const before = new Set(permissionsOf(base));
  const wanted = permissionsOf(mine);
  const taken = [...before].filter((each) => !wanted.includes(each));
  const kept = theirs.permissions.filter((each) => !taken.includes(each));
  const added = wanted.filter((each) => !before.has(each));
  return {
    name: mine.name === base.name ? theirs.name : mine.name,
    description: mine.description === base.description ? theirs.description : mine.description,
    permissions: [...new Set([...kept, ...added])].sort(),
    others: "",
  };
}

/** What either side changed of `base`: mine beside theirs, a line for each permission. */
export function roleDifferences(base: RoleValues, mine: RoleValues, theirs: RoleValues): Difference[] {
  const differences: Difference[] = [];
  const compare = (label: string, before: string, one: string, other: string) => {
    if (one !== before || other !== before)
      differences.push({ label, mine: one || "-", theirs: other || "-" });
  };
  compare("Name", base.name, mine.name, theirs.name);
  compare("Description", base.description, mine.description, theirs.description);
  const [before, one, other] = [base, mine, theirs].map((values) => new Set(permissionsOf(values)));
  for (const permission of new Set([...(before ?? []), ...(one ?? []), ...(other ?? [])])) {
    const has = (set: ReadonlySet<string> | undefined) => (set?.has(permission) ? "yes" : "no");
    compare(permission, has(before), has(one), has(other));
  }
  return differences;
}

function differ(one: RoleValues, other: RoleValues): boolean {
  return permissionsOf(one).join() !== permissionsOf(other).join();
}
