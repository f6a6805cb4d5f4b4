/**
 * json-rpc-2.0 over `ws`: `bare`, with zod on the `params`, or on params and `result`. No envelope guard, no access rule.
 */
import { JSONRPCServer } from "json-rpc-2.0";
import { methods } from "../../../protocol/index.ts";
import { serve } from "./serve.ts";
import { createUsers } from "./users.ts";

const users = createUsers(Number(process.argv[2]));
const { params: Params, result: Result } = methods["users.get"];

const variants: Record<string, (params: { user: string }) => unknown> = {
  bare: ({ user }) => users.get(user),
  params: (params) => users.get(Params.parse(params).user ?? ""),
  result: (params) => Result.parse(users.get(Params.parse(params).user ?? "")),
};
const handler = variants[process.argv[3] ?? ""];
if (!handler) throw new Error("the variant is bare, params or result");

const server = new JSONRPCServer();
server.addMethod("users.get", handler);

serve((message, socket) => {
  server.receiveJSON(message).then((response) => socket.send(JSON.stringify(response)));
});
