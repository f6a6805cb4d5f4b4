import { type MethodName, methods, type Principal } from "../protocol/index.ts";
import type { BindingId } from "./keymap.ts";

/** Which method a binding calls on a screen. */
export type Needs = Readonly<Partial<Record<BindingId, MethodName>>>;

/**
 * The permissions that the contract wants for a call and the caller lacks; `userId` is whom the call is about. The
 * daemon decides; this only spares people a key that cannot work.
 */
export function lackedFor(principal: Principal | null, method: MethodName, userId?: string): string[] {
  const { access } = methods[method];
  if (!principal || access.who !== "permission") return [];
  const own = userId !== undefined && userId === principal.userId;
  if (own && access.ownIsFree && principal.kind === "session") return [];
  if (own && access.keyMay === "owner" && principal.kind === "key") return [];
  return [access.permission].flat().filter((permission) => !principal.permissions.includes(permission));
}

/** Whether the contract lets the caller call it. */
export function mayCall(principal: Principal | null, method: MethodName, userId?: string): boolean {
  return lackedFor(principal, method, userId).length === 0;
}
