/**
 * The limit for acknowledged changes: `ws` with bare JSON, which appends a line of 300 bytes and syncs it before it
 * answers; each change alone (`each`), or all that wait together (`group`). No checks, no rules, no snapshot.
 */
import { open } from "node:fs/promises";
import type { WebSocket } from "ws";
import { serve } from "./serve.ts";
import { createUsers } from "./users.ts";

const LINE = 300;
const [, , count, mode, file = ""] = process.argv;
const users = createUsers(Number(count));
const journal = await open(file, "a", 0o600);

interface Change {
  id: number;
  user: string;
  changes: { fullName: string };
  socket: WebSocket;
}

const waiting: Change[] = [];
let writing = false;

serve((message, socket) => {
  const { id, params } = JSON.parse(message);
  waiting.push({ id, user: params.user, changes: params.changes, socket });
  if (!writing) void writeOut();
});

async function writeOut(): Promise<void> {
  writing = true;
  while (waiting.length > 0) {
    const group = waiting.splice(0, mode === "each" ? 1 : waiting.length);
    await journal.appendFile(group.map(lineOf).join(""));
    await journal.datasync();
    for (const change of group) acknowledge(change);
  }
  writing = false;
}

function lineOf({ user, changes }: Change): string {
  return `${JSON.stringify({ user, changes }).padEnd(LINE - 1)}\n`;
}

function acknowledge({ id, user, changes, socket }: Change): void {
  const before = users.get(user);
  if (!before) throw new Error(`there is no user ${user}`);
  const result = { ...before, ...changes, revision: before.revision + 1 };
  users.set(user, result);
  socket.send(JSON.stringify({ jsonrpc: "2.0", id, result }));
}
