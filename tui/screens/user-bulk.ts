import type { User } from "../../protocol/index.ts";
import type { Session } from "../session.ts";
import { type Undoable, type UndoHistory, type UndoStep, undoStep } from "../undo.ts";
import type { BulkTask } from "./use-bulk.tsx";
import { type ManyDeed, roleOf, wordingOf } from "./user-wording.ts";

export interface UserTaskOptions {
  readonly session: Session;
  readonly undo: UndoHistory;
  onChanged(user: User): void;
  /** These did not succeed: they stay marked. */
  onEnd(remaining: readonly User[]): void;
}

/** The users for whom it changes anything. */
export function usersFor(deed: ManyDeed, users: readonly User[]): User[] {
  return users.filter((user) => {
    if (deed === "restore" || deed === "purge") return user.deletedAt !== null;
    if (user.deletedAt !== null) return false;
    if (deed === "enable") return !user.active;
    if (deed === "disable") return user.active;
    if (typeof deed === "object") return user.roles.includes(roleOf(deed)) === "removeRole" in deed;
    return true;
  });
}

/** The work, with the question before it, that does something to these users. */
export function userTask(deed: ManyDeed, users: readonly User[], options: UserTaskOptions): BulkTask<User> {
  const { session, undo, onChanged, onEnd } = options;
  const wording = wordingOf(deed);
  const steps: UndoStep[] = [];
  const whom = namesOf(users);
  return {
    items: users,
    ask: {
      question: `${wording.deed} ${whom}?`,
      consequences: [...whoLines(users), ...wording.consequences],
      deed: wording.deed.split(" ")[0] ?? wording.deed,
      ...(wording.typed && { typed: typedFor(users) }),
    },
    doing: `${wording.doing} ${whom}`,
    nameOf: ({ username }) => username,
    async work(user) {
      const { after, step } = await act(session, deed, user);
      if (after) onChanged(after);
      if (step) steps.push(step);
    },
    said(done) {
      const done1 = `${namesOf(done)} ${done.length === 1 ? wording.is : wording.are}`;
      return steps.length > 0 ? `${done1}; u undoes it` : done1;
    },
    onEnd({ failed, left }) {
      undo.note({ what: `${wording.doing.toLowerCase()} ${namesOf(users)}`, steps });
      onEnd([...failed.map(({ item }) => item), ...left]);
    },
  };
}

/** Takes back what was done last. */
export function undoTask(
  { what, steps }: Undoable,
  { session, onChanged }: Pick<UserTaskOptions, "session" | "onChanged">,
): BulkTask<UndoStep> {
  const ask = {
    question: `Undo ${what}?`,
    consequences: ["Whoever was changed by somebody else since then stays as they are."],
    deed: "Undo",
  };
  return {
    items: steps,
    ...(steps.length > 1 && { ask }),
    doing: `Undoing ${what}`,
    nameOf: ({ username }) => username,
    async work({ id, changes, ifRevision }) {
      onChanged(await session.call("users.update", { user: id, changes, ifRevision }));
    },
    said: () => `Undone: ${what}`,
  };
}

/** `ada`, or `3 users`. */
function namesOf(users: readonly { readonly username: string }[]): string {
  const [first] = users;
  return users.length === 1 && first ? first.username : `${users.length.toLocaleString("en")} users`;
}

function typedFor(users: readonly User[]): string {
  const [first] = users;
  return users.length === 1 && first ? first.username : String(users.length);
}

const MOST_NAMED = 5;

function whoLines(users: readonly User[]): string[] {
  if (users.length === 1) return [];
  const named = users.slice(0, MOST_NAMED).map(({ username }) => username);
  const more = users.length - named.length;
  return [named.join(", ") + (more > 0 ? ` and ${more.toLocaleString("en")} more` : "")];
}

async function act(session: Session, deed: ManyDeed, user: User): Promise<{ after?: User; step?: UndoStep }> {
  const params = { user: user.id };
  switch (deed) {
    case "enable":
    case "disable": {
      const after = await session.call(`users.${deed}`, params);
      const before = { ...after, active: !after.active };
      return { after, step: undoStep(before, after, ["active"]) };
    }
    case "unlock":
      return { after: await session.call("users.unlock", params) };
    case "restore":
      return { after: await session.call("users.restore", params) };
    case "remove":
      return { after: await session.call("users.delete", { ...params, ifRevision: user.revision }) };
    case "purge":
      await session.call("users.purge", params);
      return {};
    case "revokeKeys":
      await session.call("keys.revokeAll", params);
      return {};
    case "endSessions":
      await session.call("sessions.revokeAll", params);
      return {};
    default:
      return changeRole(session, deed, user);
  }
}

/** On top of the roles that the user has now, which may be others than those on the screen. */
async function changeRole(
  session: Session,
  deed: { addRole: string } | { removeRole: string },
  user: User,
): Promise<{ after: User; step?: UndoStep }> {
  const before = await session.call("users.get", { user: user.id });
  const others = before.roles.filter((role) => role !== roleOf(deed));
  const roles = "addRole" in deed ? [...others, deed.addRole] : others;
  if (roles.length === before.roles.length) return { after: before };
  const after = await session.call("users.update", {
    user: user.id,
    changes: { roles },
    ifRevision: before.revision,
  });
  return { after, step: undoStep(before, after, ["roles"]) };
}
