import type { User } from "../../protocol/index.ts";
import { Confirm } from "../components/confirm.tsx";
import { Versions } from "./conflict.tsx";
import { SecretOnce } from "./secret-once.tsx";
import { changesBetween } from "./user-form.ts";

/** What was asked about a user and is not answered yet. */
export type UserQuestion =
  | { ask: "resetPassword" | "remove" | "purge"; user: User }
  /** Somebody changed the user since: `user` is as it was seen, `now` as it is. */
  | { ask: "removeChanged"; user: User; now: User }
  | { ask: "keep"; secret: string; user: User };

export interface UserQuestionDialogProps {
  readonly question: UserQuestion;
  readonly width: number;
  /** Rows it may take. */
  readonly height: number;
  /** The deed is confirmed, or the secret is stored. */
  onConfirm(): void;
  onCancel(): void;
}

/** Asks before a user is deleted, purged or given another password; shows that password once. */
export function UserQuestionDialog({
  question,
  width,
  height,
  onConfirm,
  onCancel,
}: UserQuestionDialogProps) {
  const { username, activeKeys } = question.user;
  const common = { width, onConfirm, onCancel };
  switch (question.ask) {
    case "remove":
      return (
        <Confirm
          {...common}
          question={`Delete ${username}?`}
          consequences={[
            `Ends the sessions and revokes the keys (${activeKeys}) at once.`,
            "Can be restored for 7 days, then it is gone for good.",
          ]}
          deed="Delete"
          typed={username}
        />
      );
    case "removeChanged":
      return (
        <Versions
          warning={`Somebody changed ${username} meanwhile. Nothing is deleted yet.`}
          titles={["As you saw it", "As it is now"]}
          differences={changesBetween(question.user, question.now)}
          choices={[
            { value: "leave", label: `Leave ${username} alone` },
            { value: "delete", label: "Delete it as it is now" },
          ]}
          width={width}
          height={height}
          onChoose={(choice) => (choice === "delete" ? onConfirm() : onCancel())}
          onCancel={onCancel}
        />
      );
    case "purge":
      return (
        <Confirm
          {...common}
          question={`Remove ${username} for good?`}
          consequences={[
            "Profile, settings and keys are gone, and nothing brings them back.",
            "The name is free again.",
          ]}
          deed="Remove"
          typed={username}
        />
      );
    case "resetPassword":
      return (
        <Confirm
          {...common}
          question={`Reset the password of ${username}?`}
          consequences={[
            "A new one is generated and shown once; it has to be changed at the first sign-in.",
            "All sessions end; API keys go on working.",
          ]}
          deed="Reset"
        />
      );
    case "keep":
      return (
        <SecretOnce
          title={`The new password of ${username}`}
          secret={question.secret}
          width={width}
          onKept={onConfirm}
        />
      );
  }
}
