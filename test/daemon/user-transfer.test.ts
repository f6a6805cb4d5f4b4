import { expect, test } from "vitest";
import type { RawClient } from "./raw-client.ts";
import { startTestDaemon } from "./start-daemon.ts";

const PASSWORD = "correct horse battery staple";

const rows = (count: number, more = {}) =>
  Array.from({ length: count }, (_, index) => ({ username: `u${index}`, ...more }));

function refusalOf(call: Promise<unknown>) {
  return call.then(
    () => "no refusal",
    (error) => error,
  );
}

test("500 rows are imported, 501, none, and 51 with a password are refused whole", async () => {
  const daemon = await startTestDaemon();
  const operator = await daemon.operator();
  const load = (users: unknown[]) => operator.call("users.import", { users, mode: "upsert" });
  expect((await load(rows(500))).created).toBe(500);
  expect((await load(rows(50, { password: PASSWORD }))).updated).toBe(50);
  for (const users of [rows(501), [], rows(51, { password: PASSWORD })]) {
    expect(await refusalOf(load(users))).toMatchObject({
      code: -32602,
      data: { issues: [{ path: ["users"] }] },
    });
  }
});

test("subscribers hear of each imported user once, after the answer", async () => {
  const daemon = await startTestDaemon();
  const [operator, tool] = [await daemon.operator(), await daemon.operator()];
  await tool.call("events.subscribe", { topics: ["users"] });
  await operator.call("users.import", { users: rows(3), mode: "create" });
  const heard = [await tool.event(), await tool.event(), await tool.event()];
  expect(heard).toMatchObject(
    ["u0", "u1", "u2"].map((name) => ({ type: "user.created", subject: { name } })),
  );
});

test("what one daemon exports another imports: the users are equal but for what belongs to the place", async () => {
  const [from, to] = [await startTestDaemon(), await startTestDaemon()];
  const [source, target] = [await from.operator(), await to.operator()];
  const settings = { studio: { tabs: [1, { deep: null }] } };
  const more = { settings, roles: ["viewer", "designer"], theme: "halloween", active: false };
  await source.call("users.import", { users: rows(40, more), mode: "create" });
  const exported = await everybody(source);
  await target.call("users.import", { users: exported.map(portable), mode: "create" });
  expect((await everybody(target)).map(portable)).toEqual(expect.arrayContaining(exported.map(portable)));
});

type Detail = Awaited<ReturnType<typeof everybody>>[number];

function portable({
  username,
  fullName,
  type,
  roles,
  active,
  theme,
  presence,
  settings,
  validUntil,
}: Detail) {
  return { username, fullName, type, roles, active, theme, presence, settings, validUntil };
}

async function everybody(client: RawClient) {
  const users = [];
  for (let after: string | undefined; ; ) {
    const { items, next } = await client.call("users.export", { limit: 15, ...(after && { after }) });
    users.push(...items);
    if (next === null) return users;
    after = next;
  }
}

test("a session needs a fresh password proof for either, and an operator may both", async () => {
  const daemon = await startTestDaemon();
  const operator = await daemon.operator();
  const login = { username: "op", password: PASSWORD };
  await operator.call("users.create", { ...login, roles: ["operator"], mustChangePassword: false });
  const client = await daemon.stranger();
  const { token } = await client.call("auth.login", login);
  expect((await client.call("users.import", { users: rows(1), mode: "create" })).created).toBe(1);
  expect((await client.call("users.export", {})).items).toHaveLength(2);
  await client.close();
  daemon.clock.advance(16 * 60_000);
  const later = await daemon.bearer(token);
  const stale = { code: 403, data: { reason: "reauthenticationRequired" } };
  expect(await refusalOf(later.call("users.import", { users: rows(1), mode: "upsert" }))).toMatchObject(
    stale,
  );
  expect(await refusalOf(later.call("users.export", {}))).toMatchObject(stale);
});
