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
import type { KeyBearer, Profile, Reader, SessionBearer, Standing } from "../store.ts";
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

  async rolesOf(user: UserRecord): Promise<readonly RoleRecord[]> {
    return this.#rolesOf(user);
  }

  async standing(user: UserRecord): Promise<Standing> {
    return this.#standing(user);
  }

  async standings(users: readonly UserRecord[]): Promise<Standing[]> {
    return users.map((user) => this.#standing(user));
  }

  async profile(user: UserRecord): Promise<Profile> {
    return this.#profile(user);
  }

  async profiles(users: readonly UserRecord[]): Promise<Profile[]> {
    return users.map((user) => this.#profile(user));
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

  async keyBearer(id: string): Promise<KeyBearer | undefined> {
    return this.#keyBearer(this.#views.view("keys").get(id));
  }

  async keyBearerByLookup(lookup: string): Promise<KeyBearer | undefined> {
    return this.#keyBearer(this.#views.view("keys").byKey(lookup));
  }

  async keysOf(userId: string): Promise<KeyRecord[]> {
    return this.#views.view("keys").group(userId);
  }

  async session(id: string): Promise<SessionRecord | undefined> {
    return this.#views.view("sessions").get(id);
  }

  async sessionBearer(id: string): Promise<SessionBearer | undefined> {
    return this.#sessionBearer(this.#views.view("sessions").get(id));
  }

  async sessionBearerByLookup(lookup: string): Promise<SessionBearer | undefined> {
    return this.#sessionBearer(this.#views.view("sessions").byKey(lookup));
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

  #rolesOf(user: UserRecord): readonly RoleRecord[] {
    const found: RoleRecord[] = [];
    for (const id of user.roles) {
      const role = this.#views.view("roles").get(id);
      if (role) found.push(role);
    }
    return found;
  }

  #standing(user: UserRecord): Standing {
    return {
      user,
      roles: this.#rolesOf(user),
      keys: this.#views.view("keys").group(user.id),
      lockout: this.#views.view("lockouts").get(user.id),
    };
  }

  #profile(user: UserRecord): Profile {
    // Member by member: spreading it took 2 µs of the 15 of a call.
    const { roles, keys, lockout } = this.#standing(user);
    return {
      user,
      roles,
      keys,
      lockout,
      settings: this.#views.view("settings").get(user.id),
      presence: this.#views.view("presence").get(user.id),
    };
  }

  #keyBearer(key: KeyRecord | undefined): KeyBearer | undefined {
    const user = key && this.#views.view("users").get(key.userId);
    return user && { key, user, roles: this.#rolesOf(user) };
  }

  #sessionBearer(session: SessionRecord | undefined): SessionBearer | undefined {
    const user = session && this.#views.view("users").get(session.userId);
    return user && { session, user, roles: this.#rolesOf(user), usage: this.usageOf(session.id) };
  }
}
