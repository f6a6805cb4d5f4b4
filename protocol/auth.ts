import { z } from "zod";
import { method } from "./method.ts";
import { Password, Timestamp } from "./scalars.ts";

/** Who a connection speaks for, and what it may do now. */
export const Principal = z
  .strictObject({
    kind: z.enum(["anonymous", "session", "key", "local"]),
    userId: z.string().nullable(),
    username: z.string().nullable(),
    keyId: z.string().nullable(),
    roles: z.array(z.string()),
    permissions: z.array(z.string()),
    mustChangePassword: z.boolean(),
    /** The last password proof: sudo methods want one not older than 15 minutes. */
    reauthenticatedAt: Timestamp.nullable(),
  })
  .meta({ id: "Principal", title: "Principal" });

const Secret = z.string().min(1).max(512);

export const authMethods = {
  "auth.login": method({
    summary: "Begin a session with username and password",
    params: z.strictObject({ username: z.string().min(1).max(256), password: Password }),
    result: z.strictObject({ token: z.string(), expiresAt: Timestamp, principal: Principal }),
    access: { who: "anyone" },
    changesPrincipal: true,
    duringForcedChange: true,
    refusals: ["invalidCredentials", "invalidState", "rateLimited", "busy", "storeUnavailable"],
  }),
  "auth.loginWithKey": method({
    summary: "Speak for an API key",
    params: z.strictObject({ key: Secret }),
    result: z.strictObject({ principal: Principal }),
    access: { who: "anyone" },
    changesPrincipal: true,
    duringForcedChange: true,
    refusals: ["invalidCredentials", "invalidState", "rateLimited"],
  }),
  "auth.resume": method({
    summary: "Take a session up again by its token",
    params: z.strictObject({ token: Secret }),
    result: z.strictObject({ expiresAt: Timestamp, principal: Principal }),
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
    params: z.strictObject({ password: Password }),
    result: Principal,
    access: { who: "kinds", kinds: ["session"] },
    changesPrincipal: true,
    duringForcedChange: true,
    refusals: ["invalidCredentials", "rateLimited", "busy", "storeUnavailable"],
  }),
};

export type Principal = z.output<typeof Principal>;
