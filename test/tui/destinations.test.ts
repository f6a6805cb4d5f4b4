import { describe, expect, it } from "vitest";
import { destinationsFor, findDestinations } from "../../tui/destinations.ts";
import { local, sessionOf } from "./fake-daemon.ts";

const everybody = destinationsFor(sessionOf("ada"));

/** What a person sees who typed this: the typed letters in brackets, and what is to be named after a colon. */
function offered(typed: string): string[] {
  return findDestinations(everybody, typed).map(({ destination, at, argument }) => {
    const name = [...destination.name]
      .map((letter, index) => (at.has(index) ? `[${letter}]` : letter))
      .join("");
    return argument === "" ? name : `${name}:${argument}`;
  });
}

describe("what is offered by name", () => {
  it("is everything, in its order, before anything is typed", () => {
    expect(offered("")).toEqual(everybody.map(({ name }) => name));
  });

  it("is first what is called so, then what begins so, then what has a word that begins so", () => {
    expect(offered("user").slice(0, 3)).toEqual(["[u][s][e][r]", "[u][s][e][r]s", "new [u][s][e][r]"]);
  });

  it("is also what has the letters in their order", () => {
    expect(offered("sgt")).toEqual(["[s]i[g]n ou[t]"]);
    expect(offered("tgs")).toEqual([]);
  });

  it("takes what follows a name as what is meant", () => {
    expect(offered("user ann")).toEqual(["[u][s][e][r]:ann"]);
    expect(offered("us  Ann Lee ")).toEqual(["[u][s]er:Ann Lee"]);
  });

  it("does not mind capitals", () => {
    expect(offered("HELP")).toEqual(["[h][e][l][p]"]);
  });

  it("leaves out what this person may not see", () => {
    const names = destinationsFor(sessionOf("eve", { permissions: [] })).map(({ name }) => name);
    expect(names).toEqual(["events", "account", "change password", "help", "sign out", "quit"]);
  });

  it("has no account and no session to end over the Unix socket", () => {
    const names = destinationsFor(local).map(({ name }) => name);
    expect(names).toContain("users");
    expect(names).not.toContain("account");
    expect(names).not.toContain("sign out");
  });

  it("has every name once", () => {
    const names = everybody.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});
