import { z } from "zod";
import { method } from "./method.ts";
import { Password, Timestamp } from "./scalars.ts";

export const Principal = z
  .strictObject({
    kind: z
      .enum(["anonymous", "session", "key", "local"])
      .describe("How it is known: not at all, by a login, by an API key, or by the Unix socket"),
    userId: z.string().nullable().describe("The user's id; null where it is `anonymous` or `local`"),
    username: z.string().nullable().describe("The user's username; null where it is `anonymous` or `local`"),
    keyId: z.string().nullable().describe("The API key's id; null where there is none"),
    roles: z.array(z.string()).describe("The user's roles"),
    permissions: z.array(z.string()).describe("What it may do now; a key's may be fewer than its owner's"),
    mustChangePassword: z.boolean().describe("Nothing else works before the password is changed"),
    reauthenticatedAt: Timestamp.nullable().describe(
      "The last password proof: sudo methods want one not older than 15 minutes",
    ),
  })
  .meta({
    id: "Principal",
    title: "Principal",
    description: "Who a connection speaks for, and what it may do now",
  });

const Secret = z.string().min(1).max(512);
const principal = Principal.describe("Who the connection speaks for now");
const expiresAt = Timestamp.describe("The session's absolute end; unused for long, it ends earlier");

export const authMethods = {
  "auth.login": method({
    summary: "Begin a session with username and password",
    params: z.strictObject({
      username: z.string().min(1).max(256).describe("In any spelling that normalises to it"),
      password: Password.describe("As it was typed"),
    }),
    result: z.strictObject({
      token: z.string().describe("`rs_…`, for `auth.resume`: shown here and nowhere else"),
      expiresAt,
      principal,
    }),
    access: { who: "anyone" },
    changesPrincipal: true,
    duringForcedChange: true,
    refusals: ["invalidCredentials", "invalidState", "rateLimited", "busy", "storeUnavailable"],
  }),
  "auth.loginWithKey": method({
    summary: "Speak for an API key",
    params: z.strictObject({ key: Secret.describe("The key's secret, `rk_…`") }),
    result: z.strictObject({ principal }),
    access: { who: "anyone" },
    changesPrincipal: true,
    duringForcedChange: true,
    refusals: ["invalidCredentials", "invalidState", "rateLimited"],
  }),
  "auth.resume": method({
    summary: "Take a session up again by its token",
    params: z.strictObject({ token: Secret.describe("The session's token, `rs_…`") }),
    result: z.strictObject({ expiresAt, principal }),
    access: { who: "anyone" },
    changesPrincipal: true,
    duringForcedChange: true,
    refusals: ["invalidCredentials", "invalidState", "rateLimited"],
  }),
  "auth.logout": method({
    summary: "End the session, or stop speaking for the key; ends the subscriptions",
    params: z.strictObject({}),
    result: z.strictObject({}),
    access: { who: "kinds", kinds: ["session", "key"] },
    changesPrincipal: true,
    duringForcedChange: true,
    refusals: ["storeUnavailable"],
  }),
  "auth.whoami": method({
    summary: "The connection's principal",
    params: z.strictObject({}),
    result: Principal,
    access: { who: "anyone" },
    duringForcedChange: true,
  }),
  "auth.reauthenticate": method({
    summary: "Prove the password again, for what needs a fresh proof",
    params: z.strictObject({ password: Password.describe("One's own, as it was typed") }),
    result: Principal,
    access: { who: "kinds", kinds: ["session"] },
    changesPrincipal: true,
    duringForcedChange: true,
    refusals: ["invalidCredentials", "rateLimited", "busy", "storeUnavailable"],
  }),
};

export type Principal = z.output<typeof Principal>;
