import { useMemo } from "react";
import { Help } from "../components/help.tsx";
import { type Destination, destinationsFor } from "../destinations.ts";
import { type BindingId, type HelpRow, helpRowsAt } from "../keymap.ts";
import { useNavigation } from "../navigation.ts";
import { useSessionSnapshot } from "../use-session.ts";
import { Frame, useBody } from "./frame.tsx";

/** All keys, those that work `here` first, and all that can be gone to by name. */
export function HelpScreen({ here }: { here: readonly BindingId[] }) {
  const { done } = useNavigation();
  const { principal } = useSessionSnapshot();
  const { columns, rows } = useBody();
  const all = useMemo(
    () => [...helpRowsAt(here), ...(principal ? destinationsFor(principal) : []).map(rowOf)],
    [here, principal],
  );
  return (
    <Frame path={["Help"]} bindings={["cancel", "nextFound", "previousFound", "pageDown", "pageUp"]}>
      <Help rows={all} width={columns} height={rows} onClose={() => done()} />
    </Frame>
  );
}

function rowOf(destination: Destination): HelpRow {
  const argument = "argument" in destination ? ` ${destination.argument}` : "";
  return { keys: `:${destination.name}${argument}`, help: destination.help, where: "by name" };
}
