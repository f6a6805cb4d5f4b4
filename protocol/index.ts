export * from "./audit.ts";
export * from "./auth.ts";
export {
  type CallOptions,
  type Client,
  type ClientOptions,
  type ConnectionState,
  createClient,
} from "./client.ts";
export { CallTimeout, ConnectionLost, NotConnected } from "./client-errors.ts";
export type { ClientSocket, MethodCall, Outcome, Timers } from "./client-link.ts";
export type { Credential } from "./client-login.ts";
export type { ClientEvent, Subscription } from "./client-subscriptions.ts";
export * from "./errors.ts";
export * from "./events.ts";
export * from "./keys.ts";
export * from "./method.ts";
export * from "./methods.ts";
export { nearest } from "./nearest.ts";
export { openRpcDocument } from "./openrpc.ts";
export type { JsonSchema, MethodDocument, OpenRpcDocument } from "./openrpc-document.ts";
export * from "./passwords.ts";
export * from "./permissions.ts";
export * from "./presence.ts";
export * from "./roles.ts";
export * from "./scalars.ts";
export * from "./sessions.ts";
export * from "./settings.ts";
export * from "./system.ts";
export * from "./user-lifecycle.ts";
export * from "./user-transfer.ts";
export * from "./users.ts";
export * from "./verify.ts";
