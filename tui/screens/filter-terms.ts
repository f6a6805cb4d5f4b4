/** The filter that a line of text stands for, or what is wrong with the line. */
export type ParsedFilter<Filter> = { filter: Filter } | { problem: string };

/** Reads the value of one field term. @throws {FilterProblem} when it means nothing. */
export type TermParser<Filter> = (value: string) => Filter;

/** What a line may hold: field terms by name, and what the other words stand for, where they stand for anything. */
export interface FilterTerms<Filter> {
  readonly fields: ReadonlyMap<string, TermParser<Filter>>;
  readonly text?: (text: string) => Filter;
}

/** A value that does not mean anything; the message follows the field's name. */
export class FilterProblem extends Error {}

/** Reads `role:admin active:no smith`: field terms, and the rest as plain text. */
export function parseTerms<Filter extends object>(
  line: string,
  { fields, text }: FilterTerms<Filter>,
): ParsedFilter<Filter> {
  const filters: Filter[] = [];
  const words: string[] = [];
  for (const term of line.split(/\s+/).filter(Boolean)) {
    const [, name = "", value = ""] = /^([a-z]+):(.*)$/i.exec(term) ?? [];
    if (!name) {
      words.push(term);
      continue;
    }
    const parse = fields.get(name.toLowerCase());
    if (!parse) return { problem: `There is no field ${name}: try ${[...fields.keys()].join(", ")}` };
    // A term that is being typed filters nothing yet.
    if (!value) continue;
    try {
      filters.push(parse(value));
    } catch (error) {
      if (!(error instanceof FilterProblem)) throw error;
      return { problem: `${name} ${error.message}` };
    }
  }
  if (words.length > 0) {
    if (!text) return { problem: `Say what ${words[0]} is: ${[...fields.keys()].join(":, ")}:` };
    filters.push(text(words.join(" ")));
  }
  return { filter: Object.assign({}, ...filters) as Filter };
}

/** Yes or no. */
export function yesOrNo(value: string): boolean {
  const word = value.toLowerCase();
  if (word !== "yes" && word !== "no") throw new FilterProblem("is yes or no");
  return word === "yes";
}

/** One of some words. */
export function oneOf<Word extends string>(words: readonly Word[], value: string): Word {
  const word = words.find((known) => known === value.toLowerCase());
  if (!word) throw new FilterProblem(`is ${words.join(" or ")}`);
  return word;
}
