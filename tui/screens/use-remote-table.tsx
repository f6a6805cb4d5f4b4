import { type ReactNode, useMemo, useState } from "react";
import type { Entry } from "../../protocol/index.ts";
import type { NoticeText } from "../components/notice.tsx";
import type { Column } from "../components/table.tsx";
import { tableMove } from "../components/table-state.ts";
import { grouped } from "../grouped.ts";
import { type BindingId, matches } from "../keymap.ts";
import type { ListView, ReadStretch, RemoteList } from "../remote-list.ts";
import type { InputEvent } from "../terminal/input-events.ts";
import type { Tone } from "../theme.ts";
import { useRemoteList } from "../use-remote-list.ts";
import { useOnline } from "../use-session.ts";
import type { ParsedFilter } from "./filter-terms.ts";
import { ListBody, useListHeight } from "./list-body.tsx";
import { messageOf } from "./problems.ts";
import { filterBindings, useFilter } from "./use-filter.ts";

/** An order of the list; `by` is the id of a column. */
export interface ListSort {
  readonly by: string;
  readonly order: "asc" | "desc";
}

/** What is asked of the daemon. */
export interface ListQuery<Filter, Sort> {
  readonly filter: Filter;
  /** Undefined where the list has only its own order. */
  readonly sort: Sort | undefined;
}

export interface RemoteTableOptions<Item, Filter, Sort> {
  readonly read: ReadStretch<Item, ListQuery<Filter, Sort>>;
  /** Whether a change may have changed the list. */
  concerns(entry: Entry): boolean;
  parse(line: string): ParsedFilter<Filter>;
  /** What the filter line begins with. */
  readonly line?: string;
  /** The orders that the sort key goes through; without them the list has its own. */
  readonly sorts?: readonly Sort[];
  /** Rows can be marked, for actions that are for many. */
  readonly marks?: boolean;
  readonly columns: readonly Column<Item>[];
  tone(item: Item): Tone;
  /** What one row and many are called. */
  readonly nouns: readonly [one: string, many: string];
  /** The filter terms by example. */
  readonly placeholder: string;
  /** What is said where the unfiltered list is empty. */
  readonly empty: string;
}

export interface RemoteTable<Item, Filter, Sort> {
  readonly list: RemoteList<Item & { readonly id: string }, ListQuery<Filter, Sort>>;
  readonly view: ListView<Item>;
  /** What an action is for: all marked rows and those of a range, or else the selected one; none while not all are read. */
  readonly targets: readonly Item[];
  /** What is wrong with the filter or the last reading. */
  readonly notice: NoticeText | undefined;
  /** Filter line and table, to be drawn below the header. */
  readonly body: ReactNode;
  /** The footer's keys: those of the filter while it is typed, else `own`; first what is for marked rows while there are. */
  bindings(own: readonly BindingId[]): readonly BindingId[];
  onKey(event: InputEvent): boolean;
}

/** A list of any length as a table: filter, sort, marks, count; live, and keeping its place. */
export function useRemoteTable<Item extends { readonly id: string }, Filter, Sort extends ListSort = never>(
  options: RemoteTableOptions<Item, Filter, Sort>,
): RemoteTable<Item, Filter, Sort> {
  const {
    read,
    concerns,
    parse,
    sorts = [],
    marks = false,
    columns,
    tone,
    nouns,
    placeholder,
    empty,
  } = options;
  const online = useOnline();
  const filter = useFilter(parse, options.line);
  const [sortIndex, setSortIndex] = useState(0);
  const sort = sorts[sortIndex];
  const query = useMemo(() => ({ filter: filter.filter, sort }), [filter.filter, sort]);
  const height = useListHeight();
  const { list, view } = useRemoteList({ query, height, read, concerns });
  const { marked, range } = view;

  function onKey(event: InputEvent): boolean {
    if (filter.typing) return filter.onKey(event);
    const move = tableMove(event);
    if (move) list.move(move);
    else if (marks && matches(event, "mark") && !range) list.mark();
    else if (marks && (matches(event, "mark") || matches(event, "range"))) void list.markRange();
    else if (matches(event, "sort") && sorts.length > 0) setSortIndex((sortIndex + 1) % sorts.length);
    else if (matches(event, "refresh")) list.refresh();
    else if (matches(event, "unmark") && list.unmark()) return true;
    else if (matches(event, "clear") && filter.line !== "") filter.clear();
    else return filter.onKey(event);
    return true;
  }

  const isMarked = (item: Item, at: number) =>
    marked.has(item.id) || (range !== null && at >= range.first && at <= range.last);
  const stale = !online || view.error !== null;
  const body = (
    <ListBody
      filter={filter}
      placeholder={placeholder}
      count={countText(view, filter.line !== "", nouns)}
      known={view.total !== null}
      failed={view.error !== null}
      columns={columns}
      rows={view.rows}
      offset={view.offset}
      selected={view.selected}
      {...(sort && { sort: { column: sort.by, descending: sort.order === "desc" } })}
      isMarked={isMarked}
      tone={(item) => (stale ? "muted" : tone(item))}
      empty={empty}
    />
  );
  const targets = list.targets();
  const unread: NoticeText | undefined =
    range && targets.length === 0
      ? { text: "The range is longer than what is read: v marks it, then act", tone: "warning" }
      : undefined;
  return {
    list,
    view,
    targets,
    notice: noticeOf(filter.problem, view.error) ?? unread,
    body,
    bindings: (own) =>
      filter.typing ? filterBindings : range || marked.size > 0 ? markedBindings(own) : own,
    onKey,
  };
}

/** What is for one row only is no use while some are marked. */
function markedBindings(own: readonly BindingId[]): readonly BindingId[] {
  const forMany = own.filter((id) => id !== "open" && id !== "create" && id !== "filter" && id !== "actions");
  return ["unmark", ...own.filter((id) => id === "actions"), ...forMany];
}

function countText(
  { total, outdated, marked, range }: ListView<unknown>,
  filtered: boolean,
  [one, many]: readonly [string, string],
): string {
  if (total === null) return "";
  const number = grouped(total);
  const count = outdated ? "…" : filtered ? `${number} found` : `${number} ${total === 1 ? one : many}`;
  const ranged = range ? `range of ${grouped(range.last - range.first + 1)}` : "";
  const some = marked.size > 0 ? `${grouped(marked.size)} marked` : "";
  return [ranged, some, count].filter(Boolean).join(", ");
}

/** What is wrong with a filter, or else with the last reading. */
export function noticeOf(problem: string | null, error: Error | null): NoticeText | undefined {
  if (problem !== null) return { text: problem, tone: "warning" };
  return error ? { text: messageOf(error), tone: "danger" } : undefined;
}
