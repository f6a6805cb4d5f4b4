import type { BindingId } from "../../tui/keymap.ts";
import { password } from "./directory.ts";

/** The key of the binding that a flow is about. */
export const KEY = { pressed: "the key" } as const;

/**
 * Typed as it is, with names of keys in angle brackets; a pattern that the screen has to show then; bytes that have to
 * be written since the key; what becomes of the program or the daemon; or the key.
 */
export type Step = string | RegExp | { readonly writes: string } | typeof KEY;

/** What a flow begins with: the users, over the Unix socket, or the sign-in over TCP. */
export type Start = "users" | "sign in" | "signed in as ada" | "users, with time to wait";

interface Flow {
  readonly from?: Start;
  readonly steps: readonly Step[];
}

/** The whole list without a question before it. */
export const users = /^Users .*\n\n +41 users$[\s\S]*: go to/m;
/** A screen without a question: its keys are in the footer. */
const quiet = /: go to/;
const leaving = ["<Esc>", /Leave without saving/, "<Tab><Enter>"] as const;
/** The line of the palette is a text field like any other. */
const text = (...steps: Step[]): Flow => ({ steps: [":", /^Go to/, ...steps, "<Esc>", users] });
const board = [":presence<Enter>", /41 people/] as const;
const settings = [":user user-01<Enter>", /› Profile/, "<Tab><Tab>", /› Settings +local[\s\S]*\}/] as const;
const sessions = [":account<Enter>", /› Profile/, "<Tab><Tab><Tab><Tab>", /› Sessions[\s\S]*Begun/] as const;
const keysOf = (user: string): readonly Step[] => [
  `:user ${user}<Enter>`,
  /› Profile/,
  "<Tab>",
  /› Keys .*\n[\s\S]*Status/,
];

/** For every binding what a person does with it and sees; each of its keys is tried so, and ends where it began. */
export const flows: Record<BindingId, Flow> = {
  down: { steps: [KEY, /› active +user-01/] },
  up: { steps: ["jj", /› active +user-02/, KEY, /› active +user-01/] },
  pageDown: { steps: [KEY, /› active +user-[1-4]\d/] },
  pageUp: { steps: ["G", /› active +user-40/, KEY, /› active +(?:ada|user-[012]\d)/] },
  first: { steps: ["G", /› active +user-40/, KEY, /› active +ada/] },
  last: { steps: [KEY, /› active +user-40/] },
  open: { steps: ["j", KEY, /^Users › user-01 › Profile/, "q", users] },
  openUser: {
    steps: [
      ...[":audit<Enter>", /^Audit/, "/type:user.created<Enter>", /^› .*user\.created/m, "<Enter>"],
      ...[/^Entry › user\.created/, KEY, /› Profile/, "q", /^Entry/, "q", /^Audit/, "q", users],
    ],
  },
  filter: { steps: [KEY, "user-3", /10 found/, "<Esc>", users] },
  take: { steps: ["/user-3", /10 found/, KEY, "j", /› active +user-31/, "<Esc>", users] },
  clear: { steps: ["/user-3", /10 found/, KEY, users] },
  sort: { steps: [KEY, /User name ▾/, "sssss", /User name ▴/] },
  mark: { steps: [KEY, /1 marked, 41 users/, "<Esc>", users] },
  range: { steps: [KEY, "j", /range of 2, 41 users/, "<Esc>", users] },
  unmark: { steps: ["<Space>", /1 marked/, KEY, users] },
  changePassword: {
    from: "signed in as ada",
    steps: [":account<Enter>", /› Profile/, KEY, /New password/, "<Esc>", quiet, "q", users],
  },
  resetSettings: {
    steps: [...settings, KEY, /Put the settings of user-01 back to the defaults/, "<Esc>", quiet, "q", users],
  },
  revokeSilent: {
    from: "users, with time to wait",
    steps: [
      ...[":keys<Enter>", /^Keys/, "/user-04<Enter>", /2 found/, "<Space><Space>R", /New secrets go to/],
      ...[
        "<Tab><Ctrl-U>secrets.jsonl<Enter>",
        /Rotate 2 keys\?/,
        "<Tab><Enter>",
        /quiet for 1\d/,
        /quiet for 2\d/,
        /silent for 3\d/,
      ],
      ...[KEY, /Revoke/, "<Esc>", quiet, "q", /user-04 +4 found/, "q", users],
    ],
  },
  refresh: { steps: ["/nobody-", /Nobody|0 found/, "<Enter>", KEY, /0 found/, "<Esc>", users] },
  actions: { steps: ["j", KEY, /What shall be done to user-01/, "<Esc>", users] },
  pause: { steps: [":events<Enter>", /following/, KEY, /paused/, KEY, /following/, "q", users] },
  create: { steps: [KEY, /Kind of account/, "<Esc>", users] },
  edit: { steps: ["j<Enter>", /› Profile/, KEY, /Must change password/, "<Esc>", /› Profile/, "q", users] },
  toggle: { steps: ["j", KEY, /› disabled +user-01/, KEY, /› active +user-01/] },
  undo: { steps: ["jx", /› disabled +user-01/, KEY, /› active +user-01/] },
  resetPassword: { steps: ["j", KEY, /Reset the password of user-01\?/, "<Esc>", users] },
  unlock: { steps: ["j", KEY, /user-01 was not locked/] },
  remove: { steps: ["j", KEY, /Delete user-01\?/, "<Esc>", users] },
  restore: {
    steps: [
      ...["/deleted:yes<Enter>", /› deleted +olaf/, KEY, /olaf is back/, "<Esc>", /42 users/],
      ...[
        "/olaf<Enter>",
        /› disabled +olaf/,
        "d",
        /Delete olaf\?/,
        "olaf<Enter>",
        /olaf is deleted/,
        "<Esc>",
        users,
      ],
    ],
  },
  purge: {
    steps: [
      "/deleted:yes<Enter>",
      /› deleted +olaf/,
      KEY,
      /Remove olaf for good\?/,
      "<Esc>",
      /: go to/,
      "<Esc>",
      users,
    ],
  },
  revoke: { steps: [...keysOf("user-02"), KEY, /Revoke the key deploy/, "<Esc>", quiet, "q", users] },
  rotate: { steps: [...keysOf("user-02"), KEY, /How long may the old key/, "<Esc>", quiet, "q", users] },
  rotateNow: {
    steps: [
      ...keysOf("user-03"),
      "R",
      /How long may/,
      KEY,
      /The new secret/,
      "<Enter>",
      /The old key/,
      "qq",
      users,
    ],
  },
  choose: { steps: ["ja", /What shall be done/, KEY, /Disable user-01\?/, "<Esc>", users] },
  kept: {
    steps: ["jp", /Reset the password of user-01/, "<Tab><Enter>", /The new password of user-01/, KEY, users],
  },
  copy: {
    steps: [
      "jp",
      /Reset the password/,
      "<Tab><Enter>",
      /The new password/,
      KEY,
      /Sent to your terminal.s clipboard/,
      "<Enter>",
      users,
    ],
  },
  endSession: {
    from: "signed in as ada",
    steps: [...sessions, KEY, /End the session of ada/, "<Esc>", quiet, "q", users],
  },
  endSessions: {
    from: "signed in as ada",
    steps: [...sessions, KEY, /End all sessions of ada/, "<Esc>", quiet, "q", users],
  },
  holders: {
    steps: [":roles<Enter>", /4 roles/, KEY, /› active +ada/, "q", /4 roles/, "q", users],
  },
  matrix: { steps: [":roles<Enter>", /4 roles/, KEY, /^Roles › Permissions/, "qq", users] },
  nextRole: { steps: [":permissions<Enter>", /›admin/, KEY, /›designer/, "q", users] },
  previousRole: { steps: [":permissions<Enter>", /›admin/, "l", /›designer/, KEY, /›admin/, "q", users] },
  ownPresence: {
    from: "signed in as ada",
    steps: [...board, KEY, /^Presence › ada/, "<Esc>", /41 people/, "q", users],
  },
  setPresence: { steps: [...board, "j", KEY, /^Presence › user-01/, "<Esc>", quiet, "q", users] },
  clearPresence: {
    steps: [
      ...board,
      "je",
      /not said; or/,
      "<Right><Enter>",
      /^› user-01 +Somebody +Away/m,
      KEY,
      /^› user-01 .*Available/m,
      "q",
      users,
    ],
  },
  nextTab: { steps: ["j<Enter>", /›Profile/, KEY, /›Keys/, "q", users] },
  previousTab: { steps: ["j<Enter>", /›Profile/, KEY, /›History/, "q", users] },
  nextField: { steps: ["n", /Kind of account/, KEY, "zed", /Full name +zed/, ...leaving, users] },
  previousField: {
    steps: ["n", /Kind of account/, "<Tab>", KEY, "zed", /User name +zed/, ...leaving, users],
  },
  nextOption: { steps: [...board, "e", /not said; or/, KEY, /2\/10|\(•\) Away/, ...leaving, "q", users] },
  previousOption: {
    steps: [
      ...board,
      "e",
      /not said; or/,
      "<Right>",
      /2\/10|\(•\) Away/,
      KEY,
      /1\/10|\(•\) Available/,
      "<Esc>",
      quiet,
      "q",
      users,
    ],
  },
  later: {
    steps: [...board, "e", /not said; or/, "<Tab><Tab>", /› Back/, KEY, /= \d{4}-/, ...leaving, "q", users],
  },
  earlier: {
    steps: [
      ...board,
      "e",
      /not said; or/,
      "<Tab><Tab>",
      /› Back/,
      "<PgUp>",
      /= \d{4}-/,
      KEY,
      ...leaving,
      "q",
      users,
    ],
  },
  submit: {
    steps: [
      ...board,
      "je",
      /not said; or/,
      "<Right>",
      KEY,
      /^› user-01 +Somebody +Away/m,
      "c",
      /^› user-01 .*Available/m,
      "q",
      users,
    ],
  },
  newLine: { steps: [...settings, "e", /› Edit/, "X", KEY, /^ *X\n *\{/m, ...leaving, "q", users] },
  openEditor: {
    steps: [...settings, KEY, /nothing is taken from it/, "<Esc>", /› Settings +local/, "q", users],
  },
  editor: {
    steps: [
      ...settings,
      "e",
      /› Edit/,
      KEY,
      /nothing is taken from it/,
      "<Esc>",
      /› Settings +local/,
      "q",
      users,
    ],
  },
  save: { steps: [...settings, "e", /› Edit/, KEY, /› Settings +local/, "q", users] },
  stop: {
    steps: [
      ...["j<Space><Space>x", /Disable 2 users\?/, "the daemon halts", "<Tab><Enter>", /Disabling 2 users/],
      ...[KEY, /stopping/, "the daemon goes on", /1 left|1 not/, "<Enter>", "u", /Undone/, "<Esc>", users],
    ],
  },
  close: {
    steps: [
      "<Space><Space>x",
      /Disable 2 users\?/,
      "<Tab><Enter>",
      /only administrator/,
      KEY,
      /: go to/,
      "u",
      /Undone/,
      "<Esc>",
      users,
    ],
  },
  signIn: { from: "sign in", steps: ["ada<Tab>", password, KEY, users, ":sign out<Enter>", /Sign in to/] },
  otherProof: { from: "sign in", steps: [KEY, /API key/, KEY, /User name/] },
  left: text("abcd", KEY, "X", /^: abcXd$/m),
  right: text("abcd<Left><Left>", KEY, "X", /^: abcXd$/m),
  wordLeft: text("ab cd", KEY, "X", /^: ab Xcd$/m),
  wordRight: text("ab cd<Home>", KEY, "X", /^: abX cd$/m),
  lineStart: text("abc", KEY, "X", /^: Xabc$/m),
  lineEnd: text("abc<Home>", KEY, "X", /^: abcX$/m),
  deleteLeft: text("abc", KEY, "X", /^: abX$/m),
  deleteRight: text("abc<Home>", KEY, "X", /^: Xbc$/m),
  deleteWordLeft: text("ab cd", KEY, "X", /^: ab X$/m),
  deleteWordRight: text("ab cd<Home>", KEY, "X", /^: X cd$/m),
  deleteToStart: text("abcd<Left>", KEY, "X", /^: Xd$/m),
  deleteToEnd: text("abcd<Left>", KEY, "X", /^: abcX$/m),
  nextButton: { steps: ["jp", /›\[ Cancel/, KEY, /›\[ Reset/, "<Esc>", users] },
  previousButton: { steps: ["jp", /›\[ Cancel/, "<Tab>", /›\[ Reset/, KEY, /›\[ Cancel/, "<Esc>", users] },
  press: { steps: ["jp", /›\[ Cancel/, KEY, users] },
  cancel: { steps: ["n", /Kind of account/, KEY, users] },
  back: { steps: [":roles<Enter>", /4 roles/, KEY, users] },
  palette: { steps: [KEY, /^Go to/, "<Esc>", users] },
  go: { steps: [":roles", /› roles/, KEY, /4 roles/, "q", users] },
  nextFound: { steps: [":", /^› users/m, KEY, /^› (?!users)/m, "<Esc>", users] },
  previousFound: { steps: [":<Down>", /^› (?!users)/m, KEY, /^› users/m, "<Esc>", users] },
  help: { steps: [KEY, /Keys and names/, "<Esc>", users] },
  redraw: { steps: [KEY, { writes: "\x1b[H\x1b[2J" }] },
  suspend: { steps: [KEY, { writes: "\x1b[?1049l" }, { writes: "\x1b[?1049h" }] },
  quit: { steps: [KEY, "the end"] },
};
