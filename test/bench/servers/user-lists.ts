/**
 * Lists of users over `ws` with bare JSON: `kept` sorted beforehand, a text sought in lower-cased texts kept beside (the
 * limit); or `naive`, filtered and sorted anew for each page.
 */
import { type Params, type User, userSortKeys } from "../../../protocol/index.ts";
import { listedUser } from "../population.ts";
import { serve } from "./serve.ts";

type Query = Params<"users.list">;
type SortKey = (typeof userSortKeys)[number];

const users = Array.from({ length: Number(process.argv[2]) }, (_, index) => listedUser(index));
const list = { kept, naive }[process.argv[3] ?? ""];
if (!list) throw new Error("the variant is kept or naive");
const answer = list();

serve((message, socket) => {
  const { id, params } = JSON.parse(message);
  const { offset = 0, limit = 50 } = params;
  const found = answer(params);
  const result = { items: found.slice(offset, offset + limit), total: found.length, offset, limit };
  socket.send(JSON.stringify({ jsonrpc: "2.0", id, result }));
});

function kept(): (query: Query) => User[] {
  const orders = new Map<string, { order: User[]; texts: string[] }>();
  for (const by of userSortKeys) {
    const ascending = users.toSorted(comparing(by));
    const descending = ascending.toReversed();
    orders.set(`${by} asc`, { order: ascending, texts: ascending.map(textOf) });
    orders.set(`${by} desc`, { order: descending, texts: descending.map(textOf) });
  }
  return ({ filter, sort }) => {
    const { order = users, texts = [] } = orders.get(`${sort?.by} ${sort?.order}`) ?? {};
    const text = filter?.text?.toLowerCase();
    return text === undefined ? order : order.filter((_, index) => texts[index]?.includes(text));
  };
}

function naive(): (query: Query) => User[] {
  return ({ filter, sort }) => {
    const text = filter?.text?.toLowerCase() ?? "";
    const compare = comparing(sort?.by ?? "username");
    return users
      .filter((user) => textOf(user).includes(text))
      .sort(sort?.order === "desc" ? (a, b) => compare(b, a) : compare);
  };
}

function textOf({ username, fullName }: User): string {
  return `${username}\n${fullName}`.toLowerCase();
}

function comparing(by: SortKey): (a: User, b: User) => number {
  return (a, b) => {
    const [one, other] = [a[by] ?? "", b[by] ?? ""];
    if (one === other) return a.username < b.username ? -1 : 1;
    return one < other ? -1 : 1;
  };
}
