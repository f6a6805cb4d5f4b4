import { Box } from "ink";
import { type ReactNode, useState } from "react";
import type { UserDetail } from "../../protocol/index.ts";
import { Tabs } from "../components/tabs.tsx";
import { matches } from "../keymap.ts";
import { type Remote, useRemote } from "../use-remote.ts";
import { useSessionSnapshot } from "../use-session.ts";
import { Frame, useBody } from "./frame.tsx";
import { Loading } from "./loading.tsx";
import { UserKeys } from "./user-keys.tsx";
import { UserProfile } from "./user-profile.tsx";
import { UserSettings } from "./user-settings.tsx";

const tabs = [
  { id: "profile", label: "Profile" },
  { id: "keys", label: "Keys" },
  { id: "settings", label: "Settings" },
] as const;

type TabId = (typeof tabs)[number]["id"];

/** What every tab of a user gets. */
export interface UserTabProps {
  user: UserDetail;
  remote: Remote<UserDetail>;
  path: readonly string[];
  /** The line of tabs, to be drawn first. */
  tabs: ReactNode;
}

/** One user: profile, keys, settings. */
export function UserScreen({ id, username }: { id: string; username: string }) {
  const remote = useRemote("users.get", { user: id }, ({ subject, type }) => {
    return subject?.id === id || type.startsWith("key.") || type.startsWith("settings.");
  });
  const { principal } = useSessionSnapshot();
  const { columns } = useBody();
  const [tab, setTab] = useState<TabId>("profile");
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
        {remote.loading && <Loading />}
      </Frame>
    );
  }

  const props: UserTabProps = {
    user,
    remote,
    path: [...root, user.username, tabs.find((each) => each.id === tab)?.label ?? ""],
    tabs: (
      <Box width={columns} marginBottom={1}>
        <Tabs tabs={tabs} current={tab} onChange={(id) => setTab(id)} />
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
  }
}
