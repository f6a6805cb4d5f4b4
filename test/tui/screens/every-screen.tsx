import { examples } from "../../../protocol/examples/index.ts";
import {
  type ApiKey,
  type Entry,
  type MethodName,
  openRpcDocument,
  type Result,
} from "../../../protocol/index.ts";
import { type Navigation, NavigationContext, type Screen } from "../../../tui/navigation.ts";
import { ScreenView } from "../../../tui/screens/screen-view.tsx";
import type { Session } from "../../../tui/session.ts";
import { UndoContext, UndoHistory } from "../../../tui/undo.ts";
import { SessionContext } from "../../../tui/use-session.ts";
import { FakeDaemon, sessionOf } from "../fake-daemon.ts";

const TIMESTAMP = /^\d{4}-\d\d-\d\dT/;
const UUID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;
const words = wordsOfTheContract();

/** What every method answers in the contract's examples, with `text` in each field that can hold any text. */
export function answersWith(text: string): FakeDaemon {
  const daemon = new FakeDaemon();
  for (const [method, [example]] of Object.entries(examples)) {
    const answer = daemon.answers[method as MethodName];
    if (!answer) Object.assign(daemon.answers, { [method]: () => withText(whole(example.result), text) });
  }
  daemon.answers["auth.whoami"] = () => sessionOf(text);
  return daemon;
}

/** Each screen of the TUI once, about things whose every text is `text`. The compiler misses one that is not here. */
export function screensWith(text: string): { [Name in Screen["name"]]: Extract<Screen, { name: Name }> } {
  const answer = <M extends MethodName>(method: M): Result<M> =>
    withText(examples[method][0].result, text) as Result<M>;
  const user = answer("users.get");
  const [role] = answer("roles.list").items;
  const [apiKey] = answer("keys.list").items;
  const [entry] = answer("audit.query").items;
  const [presence] = answer("presence.list").items;
  if (!role || !apiKey || !entry || !presence) throw new Error("an example of a list is empty");
  return {
    home: { name: "home" },
    users: { name: "users", filter: "" },
    user: { name: "user", id: user.id, username: text },
    newUser: { name: "newUser" },
    editUser: { name: "editUser", user },
    editSettings: {
      name: "editSettings",
      user,
      settings: JSON.stringify({ [text]: text }),
      revision: 1,
      inEditor: false,
    },
    newKey: { name: "newKey", owner: user, onMade: () => {} },
    editKey: { name: "editKey", apiKey: apiKey as ApiKey },
    rotateKey: { name: "rotateKey", apiKey: apiKey as ApiKey },
    changePassword: { name: "changePassword" },
    roles: { name: "roles" },
    role: { name: "role", role: text },
    newRole: { name: "newRole" },
    editRole: { name: "editRole", role },
    matrix: { name: "matrix" },
    presence: { name: "presence" },
    setPresence: { name: "setPresence", entry: presence },
    keys: { name: "keys", filter: "" },
    rotateKeys: { name: "rotateKeys", keys: [apiKey as ApiKey], onRotated: () => {} },
    sessions: { name: "sessions" },
    audit: { name: "audit", filter: "" },
    events: { name: "events" },
    entry: { name: "entry", entry: entry as Entry },
    palette: { name: "palette" },
    help: { name: "help", here: ["open"] },
  };
}

/** A screen by itself, which leads nowhere. */
export function onlyScreen(session: Session, screen: Screen) {
  return (
    <SessionContext value={session}>
      <NavigationContext value={nowhere}>
        <UndoContext value={new UndoHistory()}>
          <ScreenView screen={screen} />
        </UndoContext>
      </NavigationContext>
    </SessionContext>
  );
}

const nowhere: Navigation = {
  push: () => {},
  back: () => {},
  done: () => {},
  go: () => {},
  leave: () => {},
  quit: () => {},
  holdUnsaved: () => () => {},
  overlay: null,
};

/** An example's page as a list of its own: whoever reads on would be given the same items again. */
function whole(result: unknown): unknown {
  const { items } = result as { items?: unknown[] };
  return items ? { ...(result as object), total: items.length } : result;
}

/** The same value with `text` in the place of every string that is no word of the contract, id or time. */
function withText(value: unknown, text: string): unknown {
  if (typeof value === "string") return isFixed(value) ? value : text;
  if (Array.isArray(value)) return withNamesApart(value.map((item) => withText(item, text)));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withText(item, text)]));
}

/** In a list of the contract no two roles or permissions have one name, and screens rely on that. */
function withNamesApart(items: unknown[]): unknown[] {
  return items.map((item, at) => {
    if (at === 0 || isFixed(nameOf(item))) return item;
    const name = `${nameOf(item)} ${at}`;
    return typeof item === "string" ? name : { ...(item as object), name };
  });
}

function nameOf(item: unknown): string {
  return typeof item === "string" ? item : (item as { name: string }).name;
}

function isFixed(value: string): boolean {
  return words.has(value) || TIMESTAMP.test(value) || UUID.test(value);
}

/** Every word that some field of the contract allows among a few. */
function wordsOfTheContract(): Set<string> {
  const found = new Set<string>();
  const walk = (schema: unknown): void => {
    if (schema === null || typeof schema !== "object") return;
    const { enum: allowed = [], const: only } = schema as { enum?: unknown[]; const?: unknown };
    for (const word of [...allowed, only]) if (typeof word === "string") found.add(word);
    for (const inner of Object.values(schema)) walk(inner);
  };
  walk(openRpcDocument("0"));
  return found;
}
