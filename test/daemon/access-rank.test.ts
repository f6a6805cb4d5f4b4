import { expect, test } from "vitest";
import type { Caller } from "../../daemon/directory/caller.ts";
import { type MethodName, methodNames, methods, ownPermissions } from "../../protocol/index.ts";
import { LOCAL, openTestDirectory, PASSWORD, type TestDirectory } from "./directory/test-directory.ts";
import { requestsAbout, type Scene } from "./requests.ts";

/** What only looks at an account; everything else that is about one changes it, or makes a credential of it. */
const looks: readonly MethodName[] = ["users.get", "keys.list", "keys.get", "sessions.list", "settings.get"];

function changesSomebody(method: MethodName): boolean {
  const { access } = methods[method];
  return access.who === "permission" && access.target !== "none" && !looks.includes(method);
}

/** An administrator with a role besides, and what belongs to them. */
async function administrator(roster: TestDirectory): Promise<Scene> {
  await roster.role("printer", ["octoprint:print"]);
  const { caller } = await roster.person("root", ["admin", "printer"]);
  await roster.user("second", { password: PASSWORD, roles: ["admin"] });
  const { key, secret } = await roster.key("root");
  return {
    username: "root",
    password: PASSWORD,
    keyId: key.id,
    key: secret,
    sessionId: caller.kind === "session" ? caller.sessionId : "",
    token: "",
    role: "printer",
    freshName: "fresh",
    freshPassword: "another good passphrase",
  };
}

/** Somebody who may call everything and lacks one permission that administrators hold. */
async function nearlyAll(roster: TestDirectory): Promise<Record<"session" | "key", Caller>> {
  const permissions = ownPermissions.filter((name) => name !== "system.manage");
  await roster.role("nearly", permissions);
  const { caller } = await roster.person("nearly", ["nearly"]);
  return { session: caller, key: (await roster.key("nearly")).caller };
}

test.each(["live", "deleted"])(
  "nobody changes, or becomes, a %s account that outranks them",
  async (state) => {
    const roster = await openTestDirectory();
    const scene = await administrator(roster);
    const callers = await nearlyAll(roster);
    if (state === "deleted") await roster.call(LOCAL, "users.delete", { user: "root" });
    await roster.settle();
    const before = roster.store.tip().seq;

    const requests = requestsAbout(scene);
    const answers: [string, MethodName, unknown][] = [];
    const checked = [...methodNames.filter(changesSomebody), "roles.update"] as const;
    for (const [kind, caller] of Object.entries(callers)) {
      for (const method of checked) {
        const answer = await roster.call(caller, method, requests[method]).then(
          () => "ok",
          (error) => error.reason ?? String(error),
        );
        answers.push([kind, method, answer]);
      }
    }
    // A deleted account has no sessions left.
    const gone = (method: MethodName) => state === "deleted" && method === "sessions.revoke";
    const wanted = (method: MethodName) => (gone(method) ? "notFound" : "outranked");
    expect(answers.filter(([, method, answer]) => answer !== wanted(method))).toEqual([]);
    expect(answers.length).toBeGreaterThan(35);
    expect(roster.store.tip().seq, "nothing was changed").toBe(before);
  },
);

test("a row of an import that is about somebody of higher rank fails, and the import with it", async () => {
  const roster = await openTestDirectory();
  const scene = await administrator(roster);
  const { session } = await nearlyAll(roster);
  const { results } = await roster.call(session, "users.import", requestsAbout(scene)["users.import"]);
  expect(results[0]).toMatchObject({ username: "root", outcome: "failed", error: { code: 403 } });
  expect(await roster.store.userByName("fresh")).toBeUndefined();
});

test("what only looks is not a matter of rank", async () => {
  const roster = await openTestDirectory();
  const requests = requestsAbout(await administrator(roster));
  const { session } = await nearlyAll(roster);
  for (const method of looks) {
    await expect(roster.call(session, method, requests[method])).resolves.toBeDefined();
  }
});
