import type {
  KeyRecord,
  LockoutRecord,
  PresenceRecord,
  RoleRecord,
  SessionRecord,
  SettingsRecord,
  UsageRecord,
  UserRecord,
} from "../records.ts";
import type { Reader } from "../store.ts";
import type { Views } from "./collections.ts";
import type { UsageCounters } from "./usage.ts";

/** The look-ups of a `Reader` over whatever views it is given. */
export class ViewReader implements Reader {
  readonly #views: Views;
  readonly #usage: UsageCounters;

  constructor(views: Views, usage: UsageCounters) {
    this.#views = views;
    this.#usage = usage;
  }

  async user(id: string): Promise<UserRecord | undefined> {
    return this.#views.view("users").get(id);
  }

  async userByName(username: string): Promise<UserRecord | undefined> {
    return this.#views.view("users").byKey(username);
  }

  async usersWithRole(roleId: string): Promise<UserRecord[]> {
    return this.#views.view("users").group(roleId);
  }

  async countUsersWithRole(roleId: string): Promise<number> {
    return this.#views.view("users").groupSize(roleId);
  }

  async countUsers(): Promise<number> {
    return this.#views.view("users").size;
  }

  async role(id: string): Promise<RoleRecord | undefined> {
    return this.#views.view("roles").get(id);
  }

  async roleByName(name: string): Promise<RoleRecord | undefined> {
    return this.#views.view("roles").byKey(name);
  }

  async roles(): Promise<RoleRecord[]> {
    return this.#views
      .view("roles")
      .all()
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async key(id: string): Promise<KeyRecord | undefined> {
    return this.#views.view("keys").get(id);
  }

  async keyByLookup(lookup: string): Promise<KeyRecord | undefined> {
    return this.#views.view("keys").byKey(lookup);
  }

  async keysOf(userId: string): Promise<KeyRecord[]> {
    return this.#views.view("keys").group(userId);
  }

  async session(id: string): Promise<SessionRecord | undefined> {
    return this.#views.view("sessions").get(id);
  }

  async sessionByLookup(lookup: string): Promise<SessionRecord | undefined> {
    return this.#views.view("sessions").byKey(lookup);
  }

  async sessionsOf(userId: string): Promise<SessionRecord[]> {
    return this.#views.view("sessions").group(userId);
  }

  async settings(userId: string): Promise<SettingsRecord | undefined> {
    return this.#views.view("settings").get(userId);
  }

  async presence(userId: string): Promise<PresenceRecord | undefined> {
    return this.#views.view("presence").get(userId);
  }

  async lockout(userId: string): Promise<LockoutRecord | undefined> {
    return this.#views.view("lockouts").get(userId);
  }

  async usage(id: string): Promise<UsageRecord | undefined> {
    return this.usageOf(id);
  }

  protected usageOf(id: string): UsageRecord | undefined {
    return this.#usage.get(id) ?? this.#views.view("usage").get(id);
  }
}
