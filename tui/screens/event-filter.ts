import { type Topic, topicNames } from "../../protocol/index.ts";
import type { EventFilter } from "../event-log.ts";
import { type FilterTerms, oneOf, type ParsedFilter, parseTerms, type TermParser } from "./filter-terms.ts";

const terms: FilterTerms<EventFilter> = {
  fields: new Map<string, TermParser<EventFilter>>([
    ["topic", (value) => ({ topics: value.split(",").filter(Boolean).map(topicOfWord) })],
    ["type", (type) => ({ type })],
  ]),
  text: (text) => ({ text }),
};

/** Reads `topic:keys,users type:key.rotated mia`: the rest is part of a name. */
export function parseEventFilter(line: string): ParsedFilter<EventFilter> {
  return parseTerms(line, terms);
}

function topicOfWord(word: string): Topic {
  return oneOf(topicNames, word);
}
