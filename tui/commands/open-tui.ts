import { connector } from "../connect.ts";
import { label } from "../target.ts";
import { clientOptions, type Destination } from "./connection.ts";
import { requireTerminal } from "./terminal.ts";

/** Opens the terminal UI and resolves with the exit status when it ends; loads it only now, for it takes its time. */
export async function openTui(destination: Destination): Promise<number> {
  requireTerminal();
  const { target } = destination;
  const socket = await connector(target)();
  socket.close();
  const { runTui } = await import("../app.tsx");
  await runTui({
    ...clientOptions(destination),
    target: label(target),
    local: target.kind === "socket",
  });
  return 0;
}
