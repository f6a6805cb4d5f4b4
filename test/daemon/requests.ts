import type { MethodName, Params } from "../../protocol/index.ts";

/** What requests can be about: an account with what belongs to it, and how to prove to be it. */
export interface Scene {
  username: string;
  password: string;
  /** Id and secret of a key. */
  keyId: string;
  key: string;
  /** Id and token of a session. */
  sessionId: string;
  token: string;
  role: string;
  /** A name that nothing has yet. */
  freshName: string;
  freshPassword: string;
}

/** A well-formed request of every method, about one account. */
export function requestsAbout(scene: Scene): { [M in MethodName]: Params<M> } {
  const { username: user, password, keyId, sessionId, role, freshName, freshPassword } = scene;
  return {
    "system.ping": {},
    "system.info": {},
    "system.backup": {},
    "system.verify": {},
    "rpc.discover": {},
    "auth.login": { username: user, password },
    "auth.loginWithKey": { key: scene.key },
    "auth.resume": { token: scene.token },
    "auth.logout": {},
    "auth.whoami": {},
    "auth.reauthenticate": { password },
    "auth.verifyPassword": { username: user, password, address: "192.0.2.9" },
    "auth.verifyKey": { key: scene.key },
    "users.list": { filter: { text: user }, sort: { by: "createdAt", order: "desc" }, limit: 2 },
    "users.get": { user },
    "users.create": { username: freshName, password: freshPassword, settings: { studio: { zoom: 1 } } },
    "users.update": { user, changes: { fullName: "Somebody Else", roles: [] } },
    "users.enable": { user },
    "users.disable": { user },
    "users.delete": { user },
    "users.restore": { user },
    "users.purge": { user },
    "users.unlock": { user },
    "users.changePassword": { currentPassword: password, newPassword: freshPassword },
    "users.resetPassword": { user, generate: true },
    "users.import": {
      users: [{ username: user, password: freshPassword, roles: [] }, { username: freshName }],
      mode: "upsert",
    },
    "users.export": { limit: 2 },
    "keys.list": { user },
    "keys.get": { id: keyId },
    "keys.create": { user, name: "another tool" },
    "keys.rotate": { id: keyId },
    "keys.update": { id: keyId, changes: { name: "renamed" } },
    "keys.revoke": { id: keyId, reason: "lost" },
    "keys.revokeAll": { user },
    "sessions.list": { user },
    "sessions.revoke": { id: sessionId },
    "sessions.revokeAll": { user },
    "settings.get": { user },
    "settings.save": { user, settings: { studio: { zoom: 2 } } },
    "settings.reset": { user, namespace: "studio" },
    "presence.list": {},
    "presence.set": { user, status: "Out", message: "back on Monday" },
    "presence.clear": { user },
    "presence.statuses": {},
    "roles.list": {},
    "roles.permissions": {},
    "roles.create": { name: freshName, permissions: ["octoprint:print"] },
    "roles.update": { name: role, changes: { description: "changed" } },
    "roles.delete": { name: role },
    "audit.query": { actor: user, limit: 2 },
    "audit.tip": {},
    "events.subscribe": { topics: ["users", "keys"] },
    "events.unsubscribe": { subscription: "s1" },
  };
}
