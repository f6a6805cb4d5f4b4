import { useState } from "react";
import { type BindingId, matches } from "../keymap.ts";
import type { InputEvent } from "../terminal/input-events.ts";
import type { ParsedFilter } from "./filter-terms.ts";

/** The keys while a filter is typed. */
export const filterBindings: readonly BindingId[] = ["take", "clear"];

export interface FilterState<Filter> {
  /** What is typed. */
  readonly line: string;
  /** The line has the focus. */
  readonly typing: boolean;
  /** What the line stands for; while it means nothing, what it stood for before. */
  readonly filter: Filter;
  /** What is wrong with the line. */
  readonly problem: string | null;
  change(line: string): void;
  clear(): void;
  /** Begins and ends the typing; says whether the key did. */
  onKey(event: InputEvent): boolean;
}

/** The filter of a list as a person types it, beginning with `initial`. */
export function useFilter<Filter>(
  parse: (line: string) => ParsedFilter<Filter>,
  initial = "",
): FilterState<Filter> {
  const [line, setLine] = useState(initial);
  const [typing, setTyping] = useState(false);
  const [parsed, setParsed] = useState(() => parse(initial));
  const [filter, setFilter] = useState("filter" in parsed ? parsed.filter : ({} as Filter));

  function change(text: string): void {
    const outcome = parse(text);
    setLine(text);
    setParsed(outcome);
    if ("filter" in outcome) setFilter(outcome.filter);
  }

  function onKey(event: InputEvent): boolean {
    if (!typing && matches(event, "filter")) setTyping(true);
    else if (typing && matches(event, "take")) setTyping(false);
    else if (typing && matches(event, "clear")) {
      setTyping(false);
      change("");
    } else return false;
    return true;
  }

  const problem = "problem" in parsed ? parsed.problem : null;
  return { line, typing, filter, problem, change, clear: () => change(""), onKey };
}
