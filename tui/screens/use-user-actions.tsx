import { type ReactNode, useState } from "react";
import { type MethodName, type Params, ProtocolError, type Result, type User } from "../../protocol/index.ts";
import type { NoticeText } from "../components/notice.tsx";
import { type BindingId, matches } from "../keymap.ts";
import type { InputEvent } from "../terminal/input-events.ts";
import { useUndo } from "../undo.ts";
import { useAction } from "../use-action.ts";
import { useSession } from "../use-session.ts";
import { choiceBindings, useBody } from "./frame.tsx";
import { secretBindings } from "./secret-once.tsx";
import { useBulk } from "./use-bulk.tsx";
import { undoTask, usersFor, userTask } from "./user-bulk.ts";
import { deedsOn, type UserDeed } from "./user-deeds.ts";
import { UserMenu } from "./user-menu.tsx";
import { type UserQuestion, UserQuestionDialog } from "./user-question.tsx";
import type { ManyDeed } from "./user-wording.ts";

export interface UserActions {
  /** The question, menu, progress, summary or secret that lies over the screen. */
  dialog: ReactNode;
  dialogBindings: readonly BindingId[] | undefined;
  notice: NoticeText | undefined;
  /** Acts on these users where the key is one of these; says whether it was. */
  onKey(event: InputEvent, users: readonly User[]): boolean;
}

export interface UserActionsOptions {
  onChanged(user: User): void;
  /** The user is gone for good. */
  onPurged?(): void;
  /** Work on many is done; these did not succeed. */
  onBulkEnd?(remaining: readonly User[]): void;
}

/**
 * Enable, disable, reset the password, unlock, delete, restore, purge, change roles, end keys and sessions, and undo:
 * the same for an open user, a row of the list and all marked ones.
 */
export function useUserActions({ onChanged, onPurged, onBulkEnd }: UserActionsOptions): UserActions {
  const session = useSession();
  const undo = useUndo();
  const action = useAction();
  const bulk = useBulk();
  const { columns, rows } = useBody();
  const [question, setQuestion] = useState<UserQuestion | null>(null);
  const [menu, setMenu] = useState<readonly User[] | null>(null);
  const [said, setSaid] = useState<NoticeText | undefined>();

  /** Closes the question, then calls; what is said of it comes from the answer. */
  function run<M extends MethodName>(
    method: M,
    params: Params<M>,
    done: (result: Result<M>) => string | undefined,
  ) {
    void action.run(async () => {
      setQuestion(null);
      const text = done(await session.call(method, params));
      if (text !== undefined) setSaid({ text, tone: "good" });
    });
  }

  const unlock = (user: User) =>
    run("users.unlock", { user: user.id }, (changed) => {
      onChanged(changed);
      return user.lockedUntil
        ? `${changed.username} may sign in again`
        : `${changed.username} was not locked`;
    });

  const restore = (user: User) =>
    run("users.restore", { user: user.id }, (changed) => {
      onChanged(changed);
      return `${changed.username} is back, disabled; the keys stay revoked`;
    });

  /** Nobody deletes another user than the one that was seen: where it changed since, both versions are shown. */
  const remove = (user: User) =>
    void action.run(async () => {
      setQuestion(null);
      try {
        onChanged(await session.call("users.delete", { user: user.id, ifRevision: user.revision }));
        setSaid({
          text: `${user.username} is deleted; the name stays reserved for 7 days`,
          tone: "good",
        });
      } catch (error) {
        if (!(error instanceof ProtocolError) || error.reason !== "revisionMismatch") throw error;
        const now = await session.call("users.get", { user: user.id });
        onChanged(now);
        setQuestion({ ask: "removeChanged", user, now });
      }
    });

  const purge = (user: User) =>
    run("users.purge", { user: user.id }, () => {
      onPurged?.();
      return `${user.username} is gone, and the name is free`;
    });

  const reset = (user: User) =>
    run("users.resetPassword", { user: user.id, generate: true }, ({ generatedPassword }) => {
      if (generatedPassword) setQuestion({ ask: "keep", secret: generatedPassword, user });
      return undefined;
    });

  function begin(deed: UserDeed, user: User): void {
    if (deed === "toggle") toggle([user]);
    else if (deed === "unlock") unlock(user);
    else if (deed === "restore") restore(user);
    else setQuestion({ ask: deed, user });
  }

  function confirm(question: UserQuestion): void {
    const { ask, user } = question;
    if (ask === "remove") remove(user);
    else if (ask === "removeChanged") remove(question.now);
    else if (ask === "purge") purge(user);
    else if (ask === "resetPassword") reset(user);
    else setQuestion(null);
  }

  /** Where some are active they are disabled, else all are enabled. One is done at once, for `u` undoes it. */
  function toggle(users: readonly User[]): void {
    many(users.some(({ active }) => active) ? "disable" : "enable", users, users.length === 1);
  }

  function many(deed: ManyDeed, users: readonly User[], atOnce = false): void {
    setMenu(null);
    const task = userTask(deed, usersFor(deed, users), {
      session,
      undo,
      onChanged,
      onEnd: (remaining) => {
        onBulkEnd?.(users.length > 1 ? remaining : []);
        if (deed === "purge" && remaining.length === 0) onPurged?.();
      },
    });
    bulk.start(atOnce ? { ...task, ask: undefined } : task);
  }

  function beginMany(deed: UserDeed, users: readonly User[]): void {
    if (deed === "toggle") toggle(users);
    else if (deed !== "resetPassword") many(deed, users);
    else
      setSaid({
        text: "A new password is made for one user at a time: Esc takes the marks away",
        tone: "warning",
      });
  }

  function undoLast(): void {
    const last = undo.take();
    if (last) bulk.start(undoTask(last, { session, onChanged }));
    else setSaid({ text: "There is nothing to undo", tone: "muted" });
  }

  function onKey(event: InputEvent, users: readonly User[]): boolean {
    const [user] = users;
    const deed = deedsOn(user).find((each) => matches(event, each));
    const isUndo = matches(event, "undo");
    const isMenu = matches(event, "actions");
    if (!deed && !isUndo && !isMenu) return false;
    setSaid(undefined);
    action.forget();
    bulk.forget();
    if (isUndo) undoLast();
    else if (user && isMenu) setMenu(users);
    else if (user && deed && users.length === 1) begin(deed, user);
    else if (deed && users.length > 1) beginMany(deed, users);
    return true;
  }

  const dialog =
    (menu && (
      <UserMenu users={menu} onChoose={(deed) => many(deed, menu)} onCancel={() => setMenu(null)} />
    )) ??
    (question && (
      <UserQuestionDialog
        question={question}
        width={columns}
        height={rows}
        onConfirm={() => confirm(question)}
        onCancel={() => setQuestion(null)}
      />
    )) ??
    bulk.dialog;
  const notice = action.error
    ? ({ text: action.error.message, tone: "danger" } as const)
    : (said ?? bulk.notice);
  const dialogBindings =
    menu || question?.ask === "removeChanged"
      ? choiceBindings
      : question?.ask === "keep"
        ? secretBindings
        : bulk.dialogBindings;
  return { dialog, dialogBindings, notice, onKey };
}
