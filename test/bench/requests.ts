import { userSortKeys } from "../../protocol/index.ts";
import { userId, username } from "./population.ts";

/** Requests made beforehand: more than any connection has in flight, so that no id is in flight twice. */
const COUNT = 2048;
/** A prime, so that the requests are spread over the whole population. */
const STRIDE = 7919;
const PAGE = 50;

/** `users.get` over the population. */
export function gets(population: number): string[] {
  return requests((index) => ({
    method: "users.get",
    params: { user: userId((index * STRIDE) % population) },
  }));
}

/**
 * `users.update` over half as many users as there are requests, by names that nobody had at first, so that each
 * request changes something.
 */
export function updates(population: number): string[] {
  return requests((index) => ({
    method: "users.update",
    params: {
      user: userId(((index % (COUNT / 2)) * STRIDE) % population),
      changes: { fullName: `Person ${index.toString().padStart(6, "0")} of the Exhibit` },
    },
  }));
}

/** Pages of `users.list` by every sort key, in both orders, from all over the population. */
export function pages(population: number): string[] {
  return requests((index) => ({
    method: "users.list",
    params: {
      sort: sortOf(index),
      offset: (index * STRIDE) % Math.max(1, population - PAGE),
      limit: PAGE,
    },
  }));
}

/** First pages of those whose number in the full name begins with three digits: 1,000 of 100,000. */
export function searches(): string[] {
  return requests((index) => ({
    method: "users.list",
    params: {
      filter: { text: `PERSON 0${((index * STRIDE) % 100).toString().padStart(2, "0")}` },
      sort: sortOf(index),
      limit: PAGE,
    },
  }));
}

function sortOf(index: number) {
  const by = userSortKeys[index % userSortKeys.length];
  return { by, order: Math.floor(index / userSortKeys.length) % 2 === 0 ? "asc" : "desc" };
}

/** `auth.verifyPassword`, of one user after the other. */
export function passwordChecks(population: number, password: string): string[] {
  return requests((index) => ({
    method: "auth.verifyPassword",
    params: { username: username(index % population), password },
  }));
}

/** `auth.verifyKey`, of one secret after the other. */
export function keyChecks(secrets: readonly string[]): string[] {
  return requests((index) => ({
    method: "auth.verifyKey",
    params: { key: secrets[index % secrets.length] },
  }));
}

function requests(make: (index: number) => { method: string; params: object }): string[] {
  return Array.from({ length: COUNT }, (_, id) => JSON.stringify({ jsonrpc: "2.0", id, ...make(id) }));
}
