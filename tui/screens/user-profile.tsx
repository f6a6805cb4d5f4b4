import { Text } from "ink";
import type { UserDetail } from "../../protocol/index.ts";
import { type BindingId, matches } from "../keymap.ts";
import { useNavigation } from "../navigation.ts";
import { cut, width } from "../terminal/safe-text.ts";
import { useTheme } from "../theme.ts";
import { useNow } from "../use-now.ts";
import { useSessionSnapshot } from "../use-session.ts";
import { Frame, useBody } from "./frame.tsx";
import { ago, instant, relative } from "./times.ts";
import { useScroll } from "./use-scroll.ts";
import { useUserActions } from "./use-user-actions.tsx";
import type { UserTabProps } from "./user.tsx";
import { userState } from "./user-columns.ts";
import { hintsOn, userNeeds } from "./user-deeds.ts";

const before: readonly BindingId[] = ["edit"];
const ofOwn: readonly BindingId[] = ["changePassword"];
const after: readonly BindingId[] = ["nextTab", "help", "back", "actions", "undo", "refresh"];
/** The line of tabs and the blank one under it. */
const TAB_ROWS = 2;
const LABEL_CELLS = 18;
const AGE_MS = 30_000;

/** Who somebody is, line by line. */
export function UserProfile({ user, remote, path, tabs }: UserTabProps) {
  const navigation = useNavigation();
  const theme = useTheme();
  const { principal } = useSessionSnapshot();
  const now = useNow(AGE_MS);
  const { columns, rows } = useBody();
  const actions = useUserActions({ onChanged: remote.refresh, onPurged: navigation.done });
  const lines = profileLines(user, now, columns - LABEL_CELLS);
  const height = rows - TAB_ROWS;
  const scroll = useScroll(lines.length, height);
  const deeds = hintsOn(user, now);
  const own = principal?.kind === "session" && principal.userId === user.id;
  const bindings = [
    ...(user.deletedAt ? [] : before),
    ...(own ? ofOwn : []),
    ...deeds.slice(0, 2),
    ...after,
    ...deeds.slice(2),
  ];
  const failure = remote.error && ({ text: remote.error.message, tone: "danger" } as const);

  return (
    <Frame
      path={path}
      bindings={bindings}
      needs={userNeeds}
      about={user.id}
      notice={failure ?? actions.notice}
      dialog={actions.dialog}
      dialogBindings={actions.dialogBindings}
      onKey={(event) => {
        if (matches(event, "edit") && !user.deletedAt) navigation.push({ name: "editUser", user });
        else if (own && matches(event, "changePassword")) navigation.push({ name: "changePassword" });
        else if (matches(event, "refresh")) remote.refresh();
        else return scroll.onKey(event) || actions.onKey(event, [user]);
        return true;
      }}
    >
      {tabs}
      {lines.slice(scroll.top, scroll.top + height).map(([label, value]) => (
        <Text key={label + value} {...(remote.stale ? theme.muted : theme.plain)}>
          <Text {...theme.muted}>{label.padEnd(LABEL_CELLS)}</Text>
          {cut(value, columns - LABEL_CELLS)}
        </Text>
      ))}
    </Frame>
  );
}

function profileLines(user: UserDetail, now: number, cells: number): [string, string][] {
  const past = (at: string) => `${instant(at)} (${ago(at, now)})`;
  const lines: [string, string][] = [
    ["State", userState(user, now)],
    ["User name", user.username],
    ["Full name", user.fullName || "-"],
    ...listLines("Roles", user.roles, cells),
    ...listLines("Permissions", user.permissions, cells),
    ["Kind of account", user.type],
    ["Password", passwordLine(user, now)],
    ["Last sign-in", user.lastLoginAt ? past(user.lastLoginAt) : "never"],
    [
      "Valid until",
      user.validUntil ? `${instant(user.validUntil)} (${relative(user.validUntil, now)})` : "for ever",
    ],
    ["On the board", user.presence ? "yes" : "no"],
    ["Theme", user.theme],
    ["Keys", String(user.activeKeys)],
    ["Created", past(user.createdAt)],
    ["Changed", `${past(user.updatedAt)}, revision ${user.revision}`],
    ["Id", user.id],
  ];
  if (user.deletedAt) lines.splice(1, 0, ["Deleted", past(user.deletedAt)]);
  return lines;
}

/** Names with commas between them, in as many lines as they take. */
function listLines(label: string, names: readonly string[], cells: number): [string, string][] {
  const lines = [""];
  for (const name of names) {
    const line = lines.at(-1) ?? "";
    const longer = line === "" ? name : `${line}, ${name}`;
    if (line === "" || width(longer) < cells) lines[lines.length - 1] = longer;
    else lines.splice(-1, 1, `${line},`, name);
  }
  if (names.length === 0) return [[label, "none"]];
  return lines.map((line, at) => [at === 0 ? label : "", line]);
}

function passwordLine(user: UserDetail, now: number): string {
  if (!user.hasPassword) return "none: only keys can be used";
  const changed = user.passwordChangedAt ? `set ${ago(user.passwordChangedAt, now)}` : "set";
  return user.mustChangePassword ? `${changed}, has to be changed at the next sign-in` : changed;
}
