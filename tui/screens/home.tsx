import type { Principal, Result } from "../../protocol/index.ts";
import { type Remote, useRemote } from "../use-remote.ts";
import { useSessionSnapshot } from "../use-session.ts";
import { FirstAdministrator } from "./first-administrator.tsx";
import { Frame } from "./frame.tsx";
import { Loading } from "./loading.tsx";
import { UserScreen } from "./user.tsx";
import { UsersScreen } from "./users.tsx";

/** Where one begins: the users; one's own account where one may not see them; the first run. */
export function Home() {
  const { principal } = useSessionSnapshot();
  if (principal?.kind === "local") return <LocalHome />;
  return principal && <SignedInHome principal={principal} />;
}

function SignedInHome({ principal }: { principal: Principal }) {
  const { permissions, userId, username } = principal;
  if (permissions.includes("users.read") || userId === null) return <UsersScreen />;
  return <UserScreen id={userId} username={username ?? ""} />;
}

/** Over the socket nobody has signed in, so it is the way to make the first administrator. */
function LocalHome() {
  const administrators: Remote<Result<"users.list">> = useRemote(
    "users.list",
    { filter: { roles: ["admin"] }, limit: 1 },
    ({ type }) => administrators.data?.total === 0 && type.startsWith("user."),
  );
  if (administrators.data?.total === 0) return <FirstAdministrator />;
  if (administrators.data) return <UsersScreen />;
  const notice = administrators.error
    ? ({ text: administrators.error.message, tone: "danger" } as const)
    : undefined;
  return (
    <Frame path={["Users"]} bindings={["quit"]} notice={notice}>
      {administrators.loading && <Loading />}
    </Frame>
  );
}
