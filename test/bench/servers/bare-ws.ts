/** The limit for calls: `ws` with bare JSON.parse and JSON.stringify; no checks, no access rule. */

import { serve } from "./serve.ts";
import { createUsers } from "./users.ts";

const users = createUsers(Number(process.argv[2]));

serve((message, socket) => {
  const { id, params } = JSON.parse(message);
  socket.send(JSON.stringify({ jsonrpc: "2.0", id, result: users.get(params.user) }));
});
