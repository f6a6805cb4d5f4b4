import type { InputEvent, KeyEvent } from "./terminal/input-events.ts";

interface Binding {
  /** As written in the help: `j`, `Up`, `PgDn`, `Space`, `Ctrl-L`. */
  readonly keys: readonly string[];
  readonly help: string;
  /** Where it applies, for the help page and the README. */
  readonly where: string;
}

/** Every binding of the TUI, once: key handling, footer, help page and the README's table read it here. */
export const keymap = {
  down: { keys: ["j", "Down"], help: "next row", where: "lists" },
  up: { keys: ["k", "Up"], help: "previous row", where: "lists" },
  pageDown: { keys: ["PgDn"], help: "next page", where: "lists" },
  pageUp: { keys: ["PgUp"], help: "previous page", where: "lists" },
  first: { keys: ["g", "Home"], help: "first row", where: "lists" },
  last: { keys: ["G", "End"], help: "last row", where: "lists" },
  open: { keys: ["Enter"], help: "open", where: "lists" },
  openUser: { keys: ["Enter"], help: "the user", where: "entries" },
  filter: { keys: ["/"], help: "filter", where: "lists" },
  take: { keys: ["Enter"], help: "keep the filter", where: "filter" },
  clear: { keys: ["Esc"], help: "clear the filter", where: "filter" },
  sort: { keys: ["s"], help: "sort", where: "lists" },
  mark: { keys: ["Space"], help: "mark", where: "lists, choices" },
  unmark: { keys: ["Esc"], help: "unmark all", where: "marked rows" },
  range: { keys: ["v"], help: "mark a range", where: "lists" },
  refresh: { keys: ["r"], help: "read again", where: "lists" },
  actions: { keys: ["a"], help: "more to do", where: "users" },
  pause: { keys: ["p"], help: "pause/go on", where: "events" },
  create: { keys: ["n"], help: "new", where: "users, keys" },
  edit: { keys: ["e"], help: "edit", where: "users, profile, roles, keys" },
  toggle: { keys: ["x"], help: "enable/disable", where: "users" },
  resetPassword: { keys: ["p"], help: "reset password", where: "users" },
  changePassword: { keys: ["P"], help: "change my password", where: "own account" },
  unlock: { keys: ["U"], help: "unlock", where: "users" },
  remove: { keys: ["d"], help: "delete", where: "users" },
  restore: { keys: ["x"], help: "restore", where: "deleted users" },
  purge: { keys: ["d"], help: "remove for good", where: "deleted users" },
  revoke: { keys: ["d"], help: "revoke", where: "keys" },
  revokeSilent: { keys: ["D"], help: "revoke the silent ones", where: "old keys" },
  rotate: { keys: ["R"], help: "rotate", where: "keys" },
  endSession: { keys: ["d"], help: "end", where: "sessions" },
  endSessions: { keys: ["D"], help: "end all", where: "sessions" },
  holders: { keys: ["w"], help: "who has it", where: "roles" },
  matrix: { keys: ["m"], help: "who may what", where: "roles" },
  nextRole: { keys: ["Right", "l"], help: "next role", where: "permissions" },
  previousRole: { keys: ["Left", "h"], help: "previous role", where: "permissions" },
  ownPresence: { keys: ["o"], help: "say where I am", where: "presence" },
  setPresence: { keys: ["e"], help: "say where", where: "presence" },
  clearPresence: { keys: ["c"], help: "clear", where: "presence" },
  choose: { keys: ["Enter"], help: "choose", where: "choices" },
  rotateNow: { keys: ["Enter"], help: "rotate now", where: "rotation" },
  undo: { keys: ["u"], help: "undo", where: "users" },
  copy: { keys: ["y"], help: "copy", where: "secrets" },
  nextTab: { keys: ["Tab", "Right"], help: "next tab", where: "user" },
  previousTab: { keys: ["Shift-Tab", "Left"], help: "previous tab", where: "user" },
  nextField: { keys: ["Tab", "Down"], help: "next field", where: "forms" },
  previousField: { keys: ["Shift-Tab", "Up"], help: "previous field", where: "forms" },
  nextOption: { keys: ["Right", "Space"], help: "next choice", where: "forms" },
  previousOption: { keys: ["Left"], help: "previous choice", where: "forms" },
  later: { keys: ["PgUp", "Ctrl-Up"], help: "later", where: "times" },
  earlier: { keys: ["PgDn", "Ctrl-Down"], help: "earlier", where: "times" },
  submit: { keys: ["Enter"], help: "save", where: "forms" },
  newLine: { keys: ["Enter"], help: "new line", where: "settings" },
  resetSettings: { keys: ["D"], help: "back to the defaults", where: "user" },
  openEditor: { keys: ["E"], help: "edit in $EDITOR", where: "user" },
  editor: { keys: ["Ctrl-O"], help: "edit in $EDITOR", where: "settings" },
  save: { keys: ["Ctrl-S"], help: "save", where: "settings" },
  signIn: { keys: ["Enter"], help: "sign in", where: "sign in" },
  otherProof: { keys: ["F2"], help: "key or password", where: "sign in" },
  kept: { keys: ["Enter"], help: "I have kept it", where: "secrets" },
  left: { keys: ["Left"], help: "one character left", where: "text" },
  right: { keys: ["Right"], help: "one character right", where: "text" },
  wordLeft: { keys: ["Alt-Left", "Ctrl-Left", "Alt-b"], help: "one word left", where: "text" },
  wordRight: { keys: ["Alt-Right", "Ctrl-Right", "Alt-f"], help: "one word right", where: "text" },
  lineStart: { keys: ["Home"], help: "to the beginning", where: "text" },
  lineEnd: { keys: ["End", "Ctrl-E"], help: "to the end", where: "text" },
  deleteLeft: { keys: ["Backspace"], help: "delete to the left", where: "text" },
  deleteRight: { keys: ["Del"], help: "delete to the right", where: "text" },
  deleteWordLeft: { keys: ["Ctrl-W", "Alt-Backspace"], help: "delete the word before", where: "text" },
  deleteWordRight: { keys: ["Alt-d"], help: "delete the word after", where: "text" },
  deleteToStart: { keys: ["Ctrl-U"], help: "delete to the beginning", where: "text" },
  deleteToEnd: { keys: ["Ctrl-K"], help: "delete to the end", where: "text" },
  stop: { keys: ["Esc"], help: "stop after this one", where: "bulk work" },
  close: { keys: ["Enter", "Esc"], help: "close", where: "summaries" },
  nextButton: { keys: ["Tab", "Right"], help: "next button", where: "dialogs" },
  previousButton: { keys: ["Shift-Tab", "Left"], help: "previous button", where: "dialogs" },
  press: { keys: ["Enter"], help: "press the button", where: "dialogs" },
  cancel: { keys: ["Esc"], help: "cancel", where: "forms, dialogs" },
  back: { keys: ["Esc", "q"], help: "back", where: "everywhere" },
  palette: { keys: [":"], help: "go to", where: "everywhere" },
  go: { keys: ["Enter"], help: "go there", where: "go to" },
  nextFound: { keys: ["Down"], help: "next row", where: "go to, help" },
  previousFound: { keys: ["Up"], help: "previous row", where: "go to, help" },
  help: { keys: ["?"], help: "help", where: "everywhere" },
  redraw: { keys: ["Ctrl-L"], help: "draw the screen again", where: "everywhere" },
  suspend: { keys: ["Ctrl-Z"], help: "suspend", where: "everywhere" },
  quit: { keys: ["Ctrl-C"], help: "quit", where: "everywhere" },
} as const satisfies Record<string, Binding>;

export type BindingId = keyof typeof keymap;

const ids = Object.keys(keymap) as BindingId[];

const NAMES: Readonly<Record<string, string>> = {
  up: "Up",
  down: "Down",
  left: "Left",
  right: "Right",
  home: "Home",
  end: "End",
  pageUp: "PgUp",
  pageDown: "PgDn",
  insert: "Ins",
  delete: "Del",
  backspace: "Backspace",
  tab: "Tab",
  enter: "Enter",
  escape: "Esc",
};

/** How the help writes a key, such as `j`, `Space`, `Ctrl-L`, `Shift-Tab`; a paste has no such name. */
export function keyLabel(event: InputEvent): string | undefined {
  if (event.kind === "paste") return undefined;
  const shift = event.shift && event.name !== "text" ? "Shift-" : "";
  return (event.ctrl ? "Ctrl-" : "") + (event.alt ? "Alt-" : "") + shift + plainLabel(event);
}

/** Whether the key is bound to `id`. */
export function matches(event: InputEvent, id: BindingId): boolean {
  const label = keyLabel(event);
  return keymap[id].keys.some((key) => key === label);
}

/** A key and what it does, as the footer shows it. */
export interface Hint {
  readonly key: string;
  readonly help: string;
}

/** What the footer shows for these bindings: the first key of each and what it does. */
export function footerHints(ids: readonly BindingId[]): Hint[] {
  return ids.map((id) => ({ key: keymap[id].keys[0], help: keymap[id].help }));
}

/** A line of the help page and of the README's table. */
export interface HelpRow {
  readonly keys: string;
  readonly help: string;
  readonly where: string;
}

/** All bindings in their order. */
export function helpRows(): HelpRow[] {
  return ids.map(rowOf);
}

/** All bindings: first those that work where one is, then those that work everywhere. */
export function helpRowsAt(here: readonly BindingId[]): HelpRow[] {
  const elsewhere = ids.filter((id) => !here.includes(id));
  const everywhere = elsewhere.filter((id) => keymap[id].where === "everywhere");
  const others = elsewhere.filter((id) => !everywhere.includes(id));
  return [...here.map((id) => ({ ...rowOf(id), where: "here" })), ...[...everywhere, ...others].map(rowOf)];
}

function rowOf(id: BindingId): HelpRow {
  const { keys, help, where } = keymap[id];
  return { keys: keys.join(" "), help, where };
}

function plainLabel({ name, text = "", ctrl }: KeyEvent): string {
  if (name !== "text") return NAMES[name] ?? name.toUpperCase();
  if (text === " ") return "Space";
  return ctrl ? text.toUpperCase() : text;
}
