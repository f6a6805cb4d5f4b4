import { type ReactNode, useState } from "react";
import type { MethodName, Params, Result, User } from "../../protocol/index.ts";
import type { NoticeText } from "../components/notice.tsx";
import { type BindingId, matches } from "../keymap.ts";
import type { InputEvent } from "../terminal/input-events.ts";
import { useAction } from "../use-action.ts";
import { useSession } from "../use-session.ts";
import { useBody } from "./frame.tsx";
import { secretBindings } from "./secret-once.tsx";
import { deedsOn, type UserDeed } from "./user-deeds.ts";
import { type UserQuestion, UserQuestionDialog } from "./user-question.tsx";

export interface UserActions {
  /** The question or secret that lies over the screen. */
  dialog: ReactNode;
  dialogBindings: readonly BindingId[] | undefined;
  notice: NoticeText | undefined;
  /** Acts on `user` where the key is one of these; says whether it was. */
  onKey(event: InputEvent, user: User | undefined): boolean;
}

export interface UserActionsOptions {
  onChanged(user: User): void;
  /** The user is gone for good. */
  onPurged?(): void;
}

/**
 * Enable, disable, undo that, reset the password, unlock, delete, restore, purge: the same for a row of the list and
 * an open user.
 */
export function useUserActions({ onChanged, onPurged }: UserActionsOptions): UserActions {
  const session = useSession();
  const action = useAction();
  const { columns } = useBody();
  const [question, setQuestion] = useState<UserQuestion | null>(null);
  const [said, setSaid] = useState<NoticeText | undefined>();
  const [toggled, setToggled] = useState<User | null>(null);

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

  const toggle = (user: User) =>
    run(user.active ? "users.disable" : "users.enable", { user: user.id }, (changed) => {
      setToggled(changed);
      onChanged(changed);
      return `${changed.username} is ${changed.active ? "enabled" : "disabled"}; u undoes it`;
    });

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

  const remove = (user: User) =>
    run("users.delete", { user: user.id, ifRevision: user.revision }, (changed) => {
      onChanged(changed);
      return `${user.username} is deleted; the name stays reserved for 7 days`;
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
    if (deed === "toggle") toggle(user);
    else if (deed === "unlock") unlock(user);
    else if (deed === "restore") restore(user);
    else setQuestion({ ask: deed, user });
  }

  function confirm({ ask, user }: UserQuestion): void {
    if (ask === "remove") remove(user);
    else if (ask === "purge") purge(user);
    else if (ask === "resetPassword") reset(user);
    else setQuestion(null);
  }

  function onKey(event: InputEvent, user: User | undefined): boolean {
    if (matches(event, "undo")) {
      if (toggled) toggle(toggled);
      return true;
    }
    const deed = deedsOn(user).find((each) => matches(event, each));
    if (!deed) return false;
    setSaid(undefined);
    action.forget();
    if (user) begin(deed, user);
    return true;
  }

  const dialog = question && (
    <UserQuestionDialog
      question={question}
      width={columns}
      onConfirm={() => confirm(question)}
      onCancel={() => setQuestion(null)}
    />
  );
  const notice = action.error ? ({ text: action.error.message, tone: "danger" } as const) : said;
  const dialogBindings = question?.ask === "keep" ? secretBindings : undefined;
  return { dialog, dialogBindings, notice, onKey };
}
