import { type ReactNode, useState } from "react";
import type { User } from "../../protocol/index.ts";
import { Confirm } from "../components/confirm.tsx";
import type { NoticeText } from "../components/notice.tsx";
import { type BindingId, matches } from "../keymap.ts";
import type { InputEvent } from "../terminal/input-events.ts";
import { useAction } from "../use-action.ts";
import { useSession } from "../use-session.ts";
import { useBody } from "./frame.tsx";
import { SecretOnce, secretBindings } from "./secret-once.tsx";

/** What was asked and is not answered yet. */
type Question = { ask: "delete" | "reset"; user: User } | { ask: "keep"; secret: string; user: User };

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
}

/** Enable, disable, undo that, reset the password, delete: the same for a row of the list and an open user. */
export function useUserActions({ onChanged }: UserActionsOptions): UserActions {
  const session = useSession();
  const action = useAction();
  const { columns } = useBody();
  const [question, setQuestion] = useState<Question | null>(null);
  const [said, setSaid] = useState<NoticeText | undefined>();
  const [toggled, setToggled] = useState<User | null>(null);
  const close = () => setQuestion(null);

  const toggle = (user: User) =>
    void action.run(async () => {
      const method = user.active ? "users.disable" : "users.enable";
      const changed = await session.call(method, { user: user.id });
      setToggled(changed);
      setSaid({
        text: `${changed.username} is ${changed.active ? "enabled" : "disabled"}; u undoes it`,
        tone: "good",
      });
      onChanged(changed);
    });

  const remove = (user: User) =>
    void action.run(async () => {
      close();
      const changed = await session.call("users.delete", { user: user.id, ifRevision: user.revision });
      setSaid({ text: `${user.username} is deleted; the name stays reserved for 7 days`, tone: "good" });
      onChanged(changed);
    });

  const reset = (user: User) =>
    void action.run(async () => {
      close();
      const { generatedPassword } = await session.call("users.resetPassword", {
        user: user.id,
        generate: true,
      });
      if (generatedPassword) setQuestion({ ask: "keep", secret: generatedPassword, user });
    });

  function onKey(event: InputEvent, user: User | undefined): boolean {
    if (matches(event, "undo")) {
      if (toggled) toggle(toggled);
      return true;
    }
    const act = keyActs.find(([binding]) => matches(event, binding))?.[1];
    if (!act) return false;
    setSaid(undefined);
    action.forget();
    if (user && act === "toggle") toggle(user);
    else if (user && act !== "toggle") setQuestion({ ask: act, user });
    return true;
  }

  const dialog = question && (
    <QuestionDialog question={question} width={columns} onDelete={remove} onReset={reset} onClose={close} />
  );
  const notice = action.error ? ({ text: action.error.message, tone: "danger" } as const) : said;
  const dialogBindings = question?.ask === "keep" ? secretBindings : undefined;
  return { dialog, dialogBindings, notice, onKey };
}

const keyActs = [
  ["toggle", "toggle"],
  ["remove", "delete"],
  ["resetPassword", "reset"],
] as const;

interface QuestionDialogProps {
  question: Question;
  width: number;
  onDelete(user: User): void;
  onReset(user: User): void;
  onClose(): void;
}

function QuestionDialog({ question, width, onDelete, onReset, onClose }: QuestionDialogProps) {
  const { user } = question;
  switch (question.ask) {
    case "delete":
      return (
        <Confirm
          question={`Delete ${user.username}?`}
          consequences={[
            `Ends the sessions and revokes the keys (${user.activeKeys}) at once.`,
            "Can be restored for 7 days, then it is gone for good.",
          ]}
          deed="Delete"
          typed={user.username}
          width={width}
          onConfirm={() => onDelete(user)}
          onCancel={onClose}
        />
      );
    case "reset":
      return (
        <Confirm
          question={`Reset the password of ${user.username}?`}
          consequences={[
            "A new one is generated and shown once; it has to be changed at the first sign-in.",
            "All sessions end; API keys go on working.",
          ]}
          deed="Reset"
          width={width}
          onConfirm={() => onReset(user)}
          onCancel={onClose}
        />
      );
    case "keep":
      return (
        <SecretOnce
          title={`The new password of ${user.username}`}
          secret={question.secret}
          width={width}
          onKept={onClose}
        />
      );
  }
}
