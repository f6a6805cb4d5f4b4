import type { Principal } from "./auth.ts";
import type { Link, MethodCall } from "./client-link.ts";
import { ProtocolError, reasonCodes } from "./errors.ts";
import type { Result } from "./methods.ts";

/** What a connection proves itself with; one that needs no proof (the Unix socket) ignores it. */
export type Credential = { key: string } | { token: string };

/** Who a connection speaks for, what the next one will prove it with, and why a credential was not accepted. */
export interface Login {
  principal: Principal;
  credential: Credential | null;
  refused: ProtocolError | null;
}

const anonymous: Principal = {
  kind: "anonymous",
  userId: null,
  username: null,
  keyId: null,
  roles: [],
  permissions: [],
  mustChangePassword: false,
  reauthenticatedAt: null,
};

/** Proves the credential on a new connection. A refused one is forgotten, and the connection stays anonymous. */
export async function logIn(link: Link, credential: Credential | null, timeoutMs: number): Promise<Login> {
  try {
    return { principal: await prove(link, credential, timeoutMs), credential, refused: null };
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    const principal = await link.call("auth.whoami", {}, timeoutMs);
    if (error.code === reasonCodes.invalidCredentials) return { principal, credential: null, refused: error };
    if (error.reason === "invalidState") return { principal, credential, refused: null };
    throw error;
  }
}

async function prove(link: Link, credential: Credential | null, timeoutMs: number): Promise<Principal> {
  if (!credential) return link.call("auth.whoami", {}, timeoutMs);
  const { principal } =
    "key" in credential
      ? await link.call("auth.loginWithKey", credential, timeoutMs)
      : await link.call("auth.resume", credential, timeoutMs);
  return principal;
}

/** The login after a call succeeded; null when that call says nothing about it. */
export function loginAfter(call: MethodCall, result: unknown, before: Login): Login | null {
  switch (call.method) {
    case "auth.login": {
      const { token, principal } = result as Result<"auth.login">;
      return { principal, credential: { token }, refused: null };
    }
    case "auth.loginWithKey": {
      const { principal } = result as Result<"auth.loginWithKey">;
      return { principal, credential: { key: call.params.key }, refused: null };
    }
    case "auth.resume": {
      const { principal } = result as Result<"auth.resume">;
      return { principal, credential: { token: call.params.token }, refused: null };
    }
    case "auth.logout":
      return { principal: anonymous, credential: null, refused: null };
    case "auth.whoami":
    case "auth.reauthenticate":
      return { ...before, principal: result as Principal };
    case "users.changePassword":
      return { ...before, principal: { ...before.principal, mustChangePassword: false } };
    default:
      return null;
  }
}
