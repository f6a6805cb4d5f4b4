/** lowdb as its readme uses it: the stock JSONFile adapter, the whole file written at each change, never synced. */
import { Low } from "lowdb";
import { JSONFile } from "lowdb/node";
import { serve } from "./serve.ts";
import { createUsers } from "./users.ts";

const [, , count, file = ""] = process.argv;
const users = createUsers(Number(count));
const database = new Low(new JSONFile<unknown>(file), Object.fromEntries(users));

serve(async (message, socket) => {
  const { id, params } = JSON.parse(message);
  const user = users.get(params.user);
  if (!user) throw new Error(`there is no user ${params.user}`);
  Object.assign(user, params.changes, { revision: user.revision + 1 });
  await database.write();
  socket.send(JSON.stringify({ jsonrpc: "2.0", id, result: user }));
});
