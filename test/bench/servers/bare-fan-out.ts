/** The limit for events: `ws`, each change serialised once as a Buffer and sent to all who subscribed; nothing on disk. */
import type { WebSocket } from "ws";
import type { Entry, User } from "../../../protocol/index.ts";
import { listedUser } from "../population.ts";
import { serve } from "./serve.ts";

const listed = Array.from({ length: Number(process.argv[2]) }, (_, index) => listedUser(index));
const users = new Map(listed.map((user) => [user.id, user]));
const subscribers = new Set<WebSocket>();
let seq = 0;

serve((message, socket) => {
  const { id, method, params } = JSON.parse(message);
  if (method === "events.subscribe") {
    subscribers.add(socket);
    socket.on("close", () => subscribers.delete(socket));
    socket.send(JSON.stringify({ jsonrpc: "2.0", id, result: { subscription: "1" } }));
    return;
  }
  const result = changed(params);
  socket.send(JSON.stringify({ jsonrpc: "2.0", id, result }));
  const event = { jsonrpc: "2.0", method: "event", params: { subscription: "1", ...entryOf(result) } };
  const frame = Buffer.from(JSON.stringify(event));
  for (const subscriber of subscribers) subscriber.send(frame, { binary: false });
});

function changed({ user: id, changes }: { user: string; changes: Partial<User> }): User {
  const before = users.get(id);
  if (!before) throw new Error(`there is no user ${id}`);
  const after = { ...before, ...changes, revision: before.revision + 1 };
  users.set(id, after);
  return after;
}

/** As large as the entry that Roster makes of the same change. */
function entryOf(user: User): Entry {
  seq += 1;
  return {
    seq,
    at: user.updatedAt,
    type: "user.updated",
    actor: { kind: "key", id: user.id, name: "bench", address: "127.0.0.1" },
    subject: { kind: "user", id: user.id, name: user.username },
    outcome: "ok",
    count: 1,
    data: { user, changed: ["fullName"] },
  };
}
