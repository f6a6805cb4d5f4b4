import { userId } from "./population.ts";

/** Requests made beforehand: more than any connection has in flight, so that no id is in flight twice. */
const COUNT = 2048;
/** A prime, so that the requests are spread over the whole population. */
const STRIDE = 7919;

/** `users.get` over the population. */
export function gets(population: number): string[] {
  return requests((index) => ({
    method: "users.get",
    params: { user: userId((index * STRIDE) % population) },
  }));
}

/** `users.update` over half as many users as there are requests, so that each request changes something. */
export function updates(population: number): string[] {
  return requests((index) => ({
    method: "users.update",
    params: {
      user: userId(((index % (COUNT / 2)) * STRIDE) % population),
      changes: { fullName: `Person ${index.toString().padStart(6, "0")} of the Example` },
    },
  }));
}

function requests(make: (index: number) => { method: string; params: object }): string[] {
  return Array.from({ length: COUNT }, (_, id) => JSON.stringify({ jsonrpc: "2.0", id, ...make(id) }));
}
