import type { z } from "zod";
import { auditMethods } from "./audit.ts";
import { authMethods } from "./auth.ts";
import { eventMethods } from "./events.ts";
import { keyMethods } from "./keys.ts";
import type { Declaration } from "./method.ts";
import { discoveryMethods } from "./openrpc-document.ts";
import { passwordMethods } from "./passwords.ts";
import { presenceMethods } from "./presence.ts";
import { roleMethods } from "./roles.ts";
import { sessionMethods } from "./sessions.ts";
import { settingsMethods } from "./settings.ts";
import { systemMethods } from "./system.ts";
import { userLifecycleMethods } from "./user-lifecycle.ts";
import { userTransferMethods } from "./user-transfer.ts";
import { userMethods } from "./users.ts";
import { verifyMethods } from "./verify.ts";

/** Every method of the contract: the one table that types, validation, access, client and documents follow. */
export const methods = {
  ...systemMethods,
  ...discoveryMethods,
  ...authMethods,
  ...verifyMethods,
  ...userMethods,
  ...userTransferMethods,
  ...userLifecycleMethods,
  ...passwordMethods,
  ...keyMethods,
  ...sessionMethods,
  ...settingsMethods,
  ...presenceMethods,
  ...roleMethods,
  ...auditMethods,
  ...eventMethods,
};

export type MethodName = keyof typeof methods;
export const methodNames = Object.keys(methods) as MethodName[];

/** What a caller sends. */
export type Params<M extends MethodName> = z.input<(typeof methods)[M]["params"]>;
/** The same after validation: normalised, with defaults. */
export type CheckedParams<M extends MethodName> = z.output<(typeof methods)[M]["params"]>;
/** What the daemon answers. */
export type Result<M extends MethodName> = z.output<(typeof methods)[M]["result"]>;

const table = new Map<string, Declaration>(Object.entries(methods) as unknown as [string, Declaration][]);

/** The declaration of a method by the name that came over the wire. */
export function declarationOf(name: string): Declaration | undefined {
  return table.get(name);
}

export function isMethod(name: string): name is MethodName {
  return table.has(name);
}
