import type { ClientSocket } from "../../protocol/index.ts";
import { connector } from "../connect.ts";
import { label } from "../target.ts";
import { clientOptions, type Destination, open } from "./connection.ts";
import { requireTerminal } from "./terminal.ts";

/** Opens the terminal UI and resolves with the exit status when it ends; loads it only now, for it takes its time. */
export async function openTui(destination: Destination): Promise<number> {
  requireTerminal();
  const { target, key } = destination;
  if (destination.keyNamed && target.kind === "socket") (await open(destination, "never")).close();
  const connect = connector(target);
  // A daemon that is not there ends the command with one line. The UI is loaded while it answers.
  const [socket, { runTui }] = await Promise.all([connect(), import("../app.tsx")]);
  const local = target.kind === "socket";
  const atOnce = local || key !== undefined;
  if (!atOnce) socket.close();
  await runTui({
    ...clientOptions(destination),
    connect: atOnce ? beginningWith(socket, connect) : connect,
    target: label(target),
    local,
  });
  return 0;
}

/** Hands out the socket that is open already, and opens others after it. */
function beginningWith(socket: ClientSocket, connect: () => Promise<ClientSocket>) {
  let first: ClientSocket | null = socket;
  return async () => {
    const opened = first ?? (await connect());
    first = null;
    return opened;
  };
}
