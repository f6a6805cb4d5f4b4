import { normaliseUsername, type UserFilter, userTypes } from "../../protocol/index.ts";
import {
  type FilterTerms,
  oneOf,
  type ParsedFilter,
  parseTerms,
  type TermParser,
  yesOrNo,
} from "./filter-terms.ts";

type Flag = "active" | "locked" | "deleted" | "mustChangePassword" | "hasPassword";

function flag(field: Flag): TermParser<UserFilter> {
  return (value) => ({ [field]: yesOrNo(value) });
}

const terms: FilterTerms<UserFilter> = {
  fields: new Map<string, TermParser<UserFilter>>([
    ["role", (value) => ({ roles: value.split(",").map(normaliseUsername) })],
    ["active", flag("active")],
    ["type", (value) => ({ type: oneOf(userTypes, value) })],
    ["locked", flag("locked")],
    ["deleted", flag("deleted")],
    ["password", flag("hasPassword")],
    ["change", flag("mustChangePassword")],
  ]),
  text: (text) => ({ text }),
};

/** Reads `role:admin active:no smith`: field terms, and the rest as text in the user or full name. */
export function parseUserFilter(line: string): ParsedFilter<UserFilter> {
  return parseTerms(line, terms);
}
