import { Text } from "ink";
import { safeText } from "../terminal/safe-text.ts";
import { useTheme } from "../theme.ts";
import { useSession } from "../use-session.ts";
import { Frame } from "./frame.tsx";

/** Until the daemon has answered for the first time. */
export function Connecting() {
  const session = useSession();
  const theme = useTheme();
  return (
    <Frame path={["Connecting"]} bindings={["quit"]}>
      <Text {...theme.muted}>{`Connecting to ${safeText(session.target)}…`}</Text>
    </Frame>
  );
}
