import { expect, test } from "vitest";
import { oneOf, parseTerms, type TermParser, yesOrNo } from "../../../tui/screens/filter-terms.ts";

interface Filter {
  on?: boolean;
  colour?: string;
  text?: string;
}

const fields = new Map<string, TermParser<Filter>>([
  ["on", (value) => ({ on: yesOrNo(value) })],
  ["colour", (value) => ({ colour: oneOf(["red", "blue"], value) })],
]);

test("terms of any case are read, the last of a name counts, and words stay as they were typed", () => {
  expect(parseTerms("ON:Yes on:no Grace  H", { fields, text: (text) => ({ text }) })).toEqual({
    filter: { on: false, text: "Grace H" },
  });
});

test("where plain words mean nothing the terms are said", () => {
  expect(parseTerms("grace", { fields })).toEqual({ problem: "Say what grace is: on:, colour:" });
});

test("a value that means nothing is said to", () => {
  expect(parseTerms("on:perhaps", { fields })).toEqual({ problem: "on is yes or no" });
  expect(parseTerms("colour:green", { fields })).toEqual({ problem: "colour is red or blue" });
});
