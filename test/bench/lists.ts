import { username } from "./population.ts";

const ENTER = "\r";
const ARROW_DOWN = "\u001B[B";
const ARROW_UP = "\u001B[A";
const PAGE_DOWN = "\u001B[6~";
const PAGE_UP = "\u001B[5~";
const TAB = "\t";
const SHIFT_TAB = "\u001B[Z";
/** Down and up again, so that each key moves. */
const DOWN = ["j", PAGE_DOWN, "j", "j", PAGE_DOWN, "k", "j", PAGE_DOWN, "j", PAGE_DOWN, "k", "j"];
const UP = ["k", PAGE_UP, "k", "k", PAGE_UP, "j", "k", PAGE_UP, "k", PAGE_UP, "j", "k"];
const SELECTED = /^› /m;

/** A list of the terminal UI, how one gets there from any other, and what one does in it. */
export interface List {
  name: string;
  /** What is typed before the key that opens it, and what the screen shows then. */
  before: readonly (readonly [keys: string, shows: RegExp])[];
  open: string;
  /** What the screen shows once it is open, its rows there. */
  opened: RegExp;
  /** From the first row on, each with what it brings. */
  keys: readonly string[];
  /** What the screen shows once `G` has been answered; null where that is a letter as any other. */
  last: RegExp | null;
  /** Begins a filter; null where letters go there at once. */
  filterKey: "/" | null;
  /** What all rows have, what few have, what none has. */
  filters: readonly string[];
  /** It holds only what the program knows by itself, so that no change is seen in it. */
  still?: true;
}

/** All lists; of the `population` users the middle one is looked at closely. */
export function listsOf(population: number): readonly List[] {
  const somebody = username(Math.floor(population / 2));
  return [
    listByName("users", /^Users[\s\S]*\d users/, ["per", "997", "no!"]),
    listByName("keys", /^Keys[\s\S]*\d keys/, ["dep", "997", "no!"]),
    listByName("sessions", /^Sessions[\s\S]*\d sessions/, ["lap", "995", "no!"]),
    listByName("presence", /^Presence[\s\S]*\d people/, ["per", "997", "no!"]),
    {
      name: "who has a role",
      before: [
        [`:roles${ENTER}`, /^Roles[\s\S]*\d roles/],
        ["j", /^› designer/m],
      ],
      open: "w",
      opened: /role:designer[\s\S]*\d found/,
      keys: [...DOWN, ...UP],
      last: SELECTED,
      filterKey: "/",
      filters: [" pe", " 99", " n!"],
    },
    {
      ...listByName("audit", /^Audit[\s\S]*\d (?:shown|entries)/, ["use", "997", "no!"]),
      // It reads on at the end of what it has.
      last: /1\d\d shown|entries/,
    },
    listByName("events", /^Events[\s\S]*following, [1-9]/, ["use", "997", "no!"]),
    tabOf(somebody, "keys", TAB, /^› deploy/m),
    tabOf(somebody, "history", SHIFT_TAB, /^› .*user\.updated/m),
    {
      ...overlay("palette", ":", /^Go to/, ["pre", "key", "zzz"]),
      keys: [...Array(12).fill(ARROW_DOWN), ...Array(12).fill(ARROW_UP)],
    },
    {
      ...overlay("help", "?", /^Help/, ["pag", "rot", "zzz"]),
      keys: Array(12).fill([PAGE_DOWN, PAGE_UP]).flat(),
    },
  ];
}

function listByName(name: string, opened: RegExp, filters: readonly string[]): List {
  const before = [[`:${name}`, new RegExp(`^Go to[\\s\\S]*^: ${name} [\\s\\S]*^› ${name} `, "m")]] as const;
  const keys = [...DOWN, ...UP];
  return { name, before, open: ENTER, opened, keys, last: SELECTED, filterKey: "/", filters };
}

function tabOf(user: string, tab: string, open: string, opened: RegExp): List {
  const before = [[`:user ${user}${ENTER}`, /›Profile[\s\S]*User name/]] as const;
  const name = `a user's ${tab}`;
  return { name, before, open, opened, keys: [], last: null, filterKey: null, filters: [] };
}

function overlay(name: string, open: string, opened: RegExp, filters: readonly string[]) {
  return { name, before: [], open, opened, last: null, filterKey: null, filters, still: true } as const;
}
