import { normaliseUsername, type UserFilter, userTypes } from "../../protocol/index.ts";

/** The filter that a line of text stands for, or what is wrong with the line. */
export type ParsedFilter = { filter: UserFilter } | { problem: string };

type FieldParser = (value: string) => UserFilter;

const yesOrNo = new Map([
  ["yes", true],
  ["no", false],
]);

function flag(field: "active" | "locked" | "deleted" | "mustChangePassword" | "hasPassword"): FieldParser {
  return (value) => {
    const wanted = yesOrNo.get(value);
    if (wanted === undefined) throw new FilterProblem("is yes or no");
    return { [field]: wanted };
  };
}

/** A field term that does not mean anything; the message follows the field's name. */
class FilterProblem extends Error {}

const fields = new Map<string, FieldParser>([
  ["role", (value) => ({ roles: value.split(",").map(normaliseUsername) })],
  ["active", flag("active")],
  ["type", parseType],
  ["locked", flag("locked")],
  ["deleted", flag("deleted")],
  ["password", flag("hasPassword")],
  ["change", flag("mustChangePassword")],
]);

/** The field names, as a person types them. */
export const filterFields = [...fields.keys()];

function parseType(value: string): UserFilter {
  const type = userTypes.find((known) => known === value);
  if (!type) throw new FilterProblem(`is ${userTypes.join(" or ")}`);
  return { type };
}

/** Reads `role:admin active:no smith`: field terms, and the rest as text in the user or full name. */
export function parseUserFilter(line: string): ParsedFilter {
  const filter: UserFilter = {};
  const words: string[] = [];
  for (const term of line.split(/\s+/).filter(Boolean)) {
    const [, name = "", value = ""] = /^([a-z]+):(.*)$/i.exec(term) ?? [];
    if (!name) {
      words.push(term);
      continue;
    }
    const parse = fields.get(name.toLowerCase());
    if (!parse) return { problem: `There is no field ${name}: try ${filterFields.join(", ")}` };
    // A term that is being typed filters nothing yet.
    if (!value) continue;
    try {
      Object.assign(filter, parse(value.toLowerCase()));
    } catch (error) {
      if (!(error instanceof FilterProblem)) throw error;
      return { problem: `${name} ${error.message}` };
    }
  }
  if (words.length > 0) filter.text = words.join(" ");
  return { filter };
}
