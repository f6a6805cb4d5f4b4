import { Box } from "ink";
import { type ReactNode, useState } from "react";
import type { MethodName, UserDetail } from "../../protocol/index.ts";
import { mayCall } from "../access.ts";
import { Tabs } from "../components/tabs.tsx";
import { matches } from "../keymap.ts";
import { type Remote, useRemote } from "../use-remote.ts";
import { useSessionSnapshot } from "../use-session.ts";
import { Frame, useBody } from "./frame.tsx";
import { Loading } from "./loading.tsx";
import { UserHistory } from "./user-history.tsx";
import { UserKeys } from "./user-keys.tsx";
import { UserPresence } from "./user-presence.tsx";
import { UserProfile } from "./user-profile.tsx";
import { UserSessions } from "./user-sessions.tsx";
import { UserSettings } from "./user-settings.tsx";

const tabs = [
  { id: "profile", label: "Profile" },
  { id: "keys", label: "Keys" },
  { id: "settings", label: "Settings" },
  { id: "presence", label: "Presence" },
  { id: "sessions", label: "Sessions" },
  { id: "history", label: "History" },
] as const satisfies readonly { id: string; label: string }[];

type TabId = (typeof tabs)[number]["id"];

/** What a tab reads first; whoever may not has no such tab. */
const reads: Partial<Record<TabId, MethodName>> = {
  keys: "keys.list",
  settings: "settings.get",
  presence: "presence.statuses",
  sessions: "sessions.list",
  history: "audit.query",
};
/** The rest takes no deleted user. */
const ofDeleted: readonly TabId[] = ["profile", "history"];

/** What every tab of a user gets. */
export interface UserTabProps {
  user: UserDetail;
  remote: Remote<UserDetail>;
  path: readonly string[];
  /** The line of tabs, to be drawn first. */
  tabs: ReactNode;
}

export interface UserScreenProps {
  readonly id: string;
  readonly username: string;
  /** Which tab is open first; the profile unless given. */
  readonly tab?: TabId | undefined;
}

/** One user, a tab for each thing that is kept of them. */
export function UserScreen({ id, username, tab: initial = "profile" }: UserScreenProps) {
  const remote = useRemote("users.get", { user: id }, ({ subject, type }) => {
    return subject?.id === id || type.startsWith("key.") || type.startsWith("role.");
  });
  const { principal } = useSessionSnapshot();
  const { columns } = useBody();
  const [chosen, setTab] = useState<TabId>(initial);
  const root = principal?.permissions.includes("users.read") ? ["Users"] : [];
  const { data: user, error } = remote;

  if (!user) {
    const notice = error ? ({ text: error.message, tone: "danger" } as const) : undefined;
    return (
      <Frame
        path={[...root, username]}
        bindings={["back", "refresh"]}
        notice={notice}
        onKey={(event) => {
          if (!matches(event, "refresh")) return false;
          remote.refresh();
          return true;
        }}
      >
        {remote.loading && <Loading keysWait />}
      </Frame>
    );
  }

  const offered = tabs.filter(({ id: each }) => {
    const method = reads[each];
    return (!user.deletedAt || ofDeleted.includes(each)) && (!method || mayCall(principal, method, user.id));
  });
  const tab = offered.some((each) => each.id === chosen) ? chosen : "profile";

  const props: UserTabProps = {
    user,
    remote,
    path: [...root, user.username, tabs.find((each) => each.id === tab)?.label ?? ""],
    tabs: (
      <Box width={columns} marginBottom={1}>
        <Tabs tabs={offered} current={tab} onChange={(id) => setTab(id)} />
      </Box>
    ),
  };
  switch (tab) {
    case "profile":
      return <UserProfile {...props} />;
    case "keys":
      return <UserKeys {...props} />;
    case "settings":
      return <UserSettings {...props} />;
    case "presence":
      return <UserPresence {...props} />;
    case "sessions":
      return <UserSessions {...props} />;
    case "history":
      return <UserHistory {...props} />;
  }
}
