import { type ReactNode, useState } from "react";
import type { Role } from "../../protocol/index.ts";
import { Confirm } from "../components/confirm.tsx";
import type { NoticeText } from "../components/notice.tsx";
import { useAction } from "../use-action.ts";
import { useSession } from "../use-session.ts";
import { useBody } from "./frame.tsx";

export interface RoleRemoval {
  readonly dialog: ReactNode;
  readonly notice: NoticeText | undefined;
  /** Asks whether to delete it; says why not where somebody has it. */
  begin(role: Role): void;
}

/** Deletes a role that nobody has, after a question. */
export function useRoleRemoval(onRemoved: () => void): RoleRemoval {
  const session = useSession();
  const action = useAction();
  const { columns } = useBody();
  const [asking, setAsking] = useState<Role | null>(null);
  const [said, setSaid] = useState<NoticeText | undefined>();

  function begin(role: Role): void {
    action.forget();
    setSaid(undefined);
    if (role.assigned > 0) setSaid({ text: inUse(role), tone: "warning" });
    else setAsking(role);
  }

  const remove = (role: Role) =>
    void action.run(async () => {
      setAsking(null);
      await session.call("roles.delete", { name: role.name });
      setSaid({ text: `The role ${role.name} is deleted`, tone: "good" });
      onRemoved();
    });

  const dialog = asking && (
    <Confirm
      question={`Delete the role ${asking.name}?`}
      consequences={["Nobody has it. What it permits can be put into another role again."]}
      deed="Delete"
      width={columns}
      onConfirm={() => remove(asking)}
      onCancel={() => setAsking(null)}
    />
  );
  return { dialog, notice: action.error ? { text: action.error.message, tone: "danger" } : said, begin };
}

function inUse({ name, assigned }: Role): string {
  const users = assigned === 1 ? "1 user has" : `${assigned.toLocaleString("en")} users have`;
  return `${users} the role ${name} (deleted ones count): w shows who`;
}
