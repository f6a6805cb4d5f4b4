import type { Principal, Role, User, UserChanges } from "../../protocol/index.ts";
import { themes } from "../../protocol/index.ts";
import { parseTime, timeText } from "../components/date-time.ts";
import type { FormField } from "../components/form.tsx";
import type { Difference } from "./conflict.tsx";

/** A user's administrative fields as a form holds them. */
export type UserValues = {
  username: string;
  fullName: string;
  roles: readonly string[];
  active: string;
  mustChangePassword: string;
  presence: string;
  theme: string;
  validUntil: string;
};

export type UserField = keyof UserValues;

const yesNo = [
  { value: "yes", label: "yes" },
  { value: "no", label: "no" },
];

/** What a person without `users.update` may change of the own account. */
const ownFields: readonly UserField[] = ["fullName", "theme"];

const labels: Record<UserField, string> = {
  username: "User name",
  fullName: "Full name",
  roles: "Roles",
  active: "Active",
  mustChangePassword: "Must change password",
  presence: "On the board",
  theme: "Theme",
  validUntil: "Valid until",
};

const userFieldNames = Object.keys(labels) as UserField[];

/** The fields that this caller may change, in the order of the form. */
export function userFields(principal: Principal | null, roles: readonly Role[]): FormField<UserValues>[] {
  const may = principal?.permissions.includes("users.update");
  const options = roles.map(({ name }) => ({ value: name, label: name }));
  const all: FormField<UserValues>[] = [
    { kind: "text", name: "username", label: labels.username },
    { kind: "text", name: "fullName", label: labels.fullName },
    { kind: "multi-select", name: "roles", label: labels.roles, options },
    { kind: "select", name: "active", label: labels.active, options: yesNo },
    { kind: "select", name: "mustChangePassword", label: labels.mustChangePassword, options: yesNo },
    { kind: "select", name: "presence", label: labels.presence, options: yesNo },
    {
      kind: "select",
      name: "theme",
      label: labels.theme,
      options: themes.map((theme) => ({ value: theme, label: theme })),
    },
    {
      kind: "date-time",
      name: "validUntil",
      label: labels.validUntil,
      day: "end",
      placeholder: "for ever; or 90d, or 2027-01-31",
    },
  ];
  return may ? all : all.filter(({ name }) => ownFields.includes(name));
}

export function valuesOf(user: User): UserValues {
  return {
    username: user.username,
    fullName: user.fullName,
    roles: user.roles,
    active: yesOrNo(user.active),
    mustChangePassword: yesOrNo(user.mustChangePassword),
    presence: yesOrNo(user.presence),
    theme: user.theme,
    validUntil: timeText(user.validUntil),
  };
}

/** How a form's value reads in a comparison. */
function valueText(values: UserValues, field: UserField): string {
  const value = values[field];
  return typeof value === "string" ? value || "-" : [...value].sort().join(", ") || "none";
}

/** The fields in which two versions differ. */
export function differing(one: UserValues, other: UserValues): UserField[] {
  return userFieldNames.filter((field) => valueText(one, field) !== valueText(other, field));
}

/** What either side changed of `base`: mine beside theirs. */
export function differencesOf(base: UserValues, mine: UserValues, theirs: UserValues): Difference[] {
  const touched = new Set([...differing(base, mine), ...differing(base, theirs)]);
  return [...touched].map((field) => ({
    label: labels[field],
    mine: valueText(mine, field),
    theirs: valueText(theirs, field),
  }));
}

/** What was changed between two versions of a user. */
export function changesBetween(before: User, after: User): Difference[] {
  const seen = valuesOf(before);
  return differencesOf(seen, seen, valuesOf(after));
}

/** What `users.update` has to be told, or what is wrong with the text that says when the account ends. */
export function changesOf(
  base: UserValues,
  typed: UserValues,
  now: number,
): { changes: UserChanges } | { problem: string } {
  const changes: Record<string, unknown> = {};
  for (const field of differing(base, typed)) {
    if (field === "validUntil") {
      const end = parseTime(typed.validUntil, now, "end");
      if ("problem" in end) return end;
      changes.validUntil = end.at;
    } else if (field === "active" || field === "mustChangePassword" || field === "presence") {
      changes[field] = typed[field] === "yes";
    } else changes[field] = typed[field];
  }
  return { changes };
}

function yesOrNo(value: boolean): string {
  return value ? "yes" : "no";
}
