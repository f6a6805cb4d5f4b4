import { Help } from "../components/help.tsx";
import { useNavigation } from "../navigation.ts";
import { Frame, useBody } from "./frame.tsx";

/** All keys. */
export function HelpScreen() {
  const { done } = useNavigation();
  const { columns, rows } = useBody();
  return (
    <Frame path={["Help"]} bindings={["cancel", "down", "up"]}>
      <Help width={columns} height={rows} onClose={() => done()} />
    </Frame>
  );
}
