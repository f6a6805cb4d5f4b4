import fc from "fast-check";
import { type Act, HOUR } from "./histories-model.ts";

const pool = ["users.create", "users.read", "users.update", "users.delete", "roles.manage", "keys.manage"];
const permissions = fc.subarray([...pool, "octoprint:print", "studio:design"]);
const user = fc.constantFrom("ada", "bob", "cleo", "dan", "eve");
const role = fc.constantFrom("admin", "operator", "viewer", "red", "green", "blue");
const roles = fc.subarray(["admin", "operator", "viewer", "red", "green", "blue"], { maxLength: 3 });
const end = fc.constantFrom("none" as const, "none" as const, "none" as const, "soon" as const);
/** Anything that anybody may ask for, sensible or not, and time that passes. */
export const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .record({ user, roles, service: fc.boolean(), password: fc.boolean(), end })
      .map((fields) => ({
        do: "create" as const,
        ...fields,
        password: fields.password && !fields.service,
      })),
  },
  {
    weight: 6,
    arbitrary: fc
      .record(
        { user, roles, active: fc.boolean(), end: fc.constantFrom("none", "none", "soon", "past") },
        { requiredKeys: ["user"] },
      )
      .map((fields) => ({ do: "update" as const, ...fields })),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("login" as const), user }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom("enable", "disable", "delete", "restore", "purge", "revokeKeys"),
      user,
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("createKey" as const), user, permissions }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("createRole" as const), role, permissions }) },
  {
    weight: 4,
    arbitrary: fc.record(
      { do: fc.constant("updateRole" as const), role, permissions, name: role },
      { requiredKeys: ["do", "role"] },
    ),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("deleteRole" as const), role }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("wait" as const),
      ms: fc.constantFrom(HOUR / 12, HOUR / 3, HOUR, 8 * 24 * HOUR),
    }),
  },
);
