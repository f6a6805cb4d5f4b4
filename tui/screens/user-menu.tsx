import { Box, Text } from "ink";
import { useState } from "react";
import type { User } from "../../protocol/index.ts";
import { mayCall } from "../access.ts";
import { cut } from "../terminal/safe-text.ts";
import { useTheme } from "../theme.ts";

import { useSessionSnapshot } from "../use-session.ts";
import { useBody } from "./frame.tsx";
import { Menu, type MenuItem } from "./menu.tsx";
import { useRoles } from "./use-roles.ts";
import { usersFor } from "./user-bulk.ts";
import type { ManyDeed } from "./user-wording.ts";

const labels = {
  enable: ["Enable", "users.enable"],
  disable: ["Disable", "users.disable"],
  unlock: ["Unlock", "users.unlock"],
  addRole: ["Give a role…", "users.update"],
  removeRole: ["Take a role…", "users.update"],
  revokeKeys: ["Revoke all keys", "keys.revokeAll"],
  endSessions: ["End all sessions", "sessions.revokeAll"],
  remove: ["Delete", "users.delete"],
  restore: ["Restore", "users.restore"],
  purge: ["Remove for good", "users.purge"],
} as const;

type Choice = keyof typeof labels;

export interface UserMenuProps {
  readonly users: readonly User[];
  onChoose(deed: ManyDeed): void;
  onCancel(): void;
}

/** What can be done to these users; a role is chosen in a second step. */
export function UserMenu({ users, onChoose, onCancel }: UserMenuProps) {
  const { principal } = useSessionSnapshot();
  const [first] = users;
  const [role, setRole] = useState<"addRole" | "removeRole" | null>(null);
  if (role) return <RoleMenu change={role} users={users} onChoose={onChoose} onCancel={onCancel} />;

  const items = (Object.keys(labels) as Choice[])
    .filter((choice) => mayCall(principal, labels[choice][1]))
    .filter((choice) =>
      isRoleChange(choice) ? users.some(({ deletedAt }) => !deletedAt) : usersFor(choice, users).length > 0,
    )
    .map((choice) => ({ value: choice, label: labels[choice][0] }));
  const whom = users.length === 1 && first ? first.username : `${users.length.toLocaleString("en")} users`;
  return (
    <MenuBox
      title={items.length > 0 ? `What shall be done to ${whom}?` : `You may do nothing to ${whom}.`}
      items={items}
      onCancel={onCancel}
      onChoose={(choice) => (isRoleChange(choice) ? setRole(choice) : onChoose(choice))}
    />
  );
}

function isRoleChange(choice: Choice): choice is "addRole" | "removeRole" {
  return choice === "addRole" || choice === "removeRole";
}

/** The roles that some of these users lack, or that some have. */
function RoleMenu({
  change,
  users,
  onChoose,
  onCancel,
}: UserMenuProps & { change: "addRole" | "removeRole" }) {
  const roles = useRoles();
  const names = roles.data?.map(({ name }) => name) ?? [];
  const deedOf = (role: string) => (change === "addRole" ? { addRole: role } : { removeRole: role });
  const items = names
    .filter((role) => usersFor(deedOf(role), users).length > 0)
    .map((role) => ({ value: role, label: role }));
  const title = change === "addRole" ? "Which role shall be given?" : "Which role shall be taken?";
  return (
    <MenuBox
      key={roles.data ? "roles" : "loading"}
      title={roles.error?.message ?? (roles.data && items.length === 0 ? "There is no such role." : title)}
      items={items}
      onCancel={onCancel}
      onChoose={(role) => onChoose(deedOf(role))}
    />
  );
}

interface MenuBoxProps<Value extends string> {
  readonly title: string;
  readonly items: readonly MenuItem<Value>[];
  onChoose(value: Value): void;
  onCancel(): void;
}

function MenuBox<Value extends string>({ title, items, onChoose, onCancel }: MenuBoxProps<Value>) {
  const theme = useTheme();
  const { columns, rows } = useBody();
  return (
    <Box flexDirection="column" borderStyle="round" paddingX={1} width={columns}>
      <Text {...theme.accent}>{cut(title, columns - 4)}</Text>
      <Menu
        items={items}
        width={columns - 4}
        height={Math.max(1, Math.min(12, rows - 3))}
        onChoose={onChoose}
        onCancel={onCancel}
      />
    </Box>
  );
}
