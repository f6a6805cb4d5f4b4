import { builtInRoles, ownPermissions, type Reason, reasonCodes } from "../../../protocol/index.ts";

/**
 * What the contract says of users, roles, keys and rank (protocol.md 3 and 4), a second time and with nothing but
 * maps: every refusal that applies to a step, and what a step that is not refused leaves.
 */

export type Act = { do: "login"; user: string } | { do: "wait"; ms: number } | Change;

/** What somebody asks for. */
export type Change =
  | { do: "enable" | "disable" | "delete" | "restore" | "purge" | "revokeKeys"; user: string }
  | { do: "create"; user: string; roles: string[]; service: boolean; password: boolean; end: End }
  | { do: "update"; user: string; roles?: string[]; active?: boolean; end?: End }
  | { do: "createKey"; user: string; permissions: string[] }
  | { do: "createRole"; role: string; permissions: string[] }
  | { do: "updateRole"; role: string; permissions?: string[]; name?: string }
  | { do: "deleteRole"; role: string };
export type End = "none" | "soon" | "past";

export interface Person {
  name: string;
  roles: Set<Role>;
  active: boolean;
  deletedAt: number | null;
  service: boolean;
  password: boolean;
  validUntil: number | null;
  /** The permissions of each key that was not revoked. */
  keys: Set<Principal>;
}

export interface Role {
  name: string;
  permissions: Set<string>;
}

/** Who may speak: the operator, or a session or key of a person that has ended when `over`. */
export interface Principal {
  kind: "local" | "session" | "key";
  person?: Person;
  /** A key's list. */
  permissions?: Set<string>;
  over: boolean;
  provenAt: number;
}

export const HOUR = 3_600_000;
const WEEK = 7 * 24 * HOUR;
const everything: ReadonlySet<string> = new Set(ownPermissions);
const order = [401, 403, 404, 422, 409];
const sudo: readonly Act["do"][] = [
  "create",
  "restore",
  "createKey",
  "createRole",
  "updateRole",
  "deleteRole",
];
const needed = {
  create: "users.create",
  update: "users.update",
  enable: "users.update",
  disable: "users.update",
  delete: "users.delete",
  restore: "users.delete",
  purge: "users.delete",
  createKey: "keys.manage",
  revokeKeys: "keys.manage",
  createRole: "roles.manage",
  updateRole: "roles.manage",
  deleteRole: "roles.manage",
} as const;

export class Model {
  now: number;
  readonly people = new Map<string, Person>();
  readonly roles = new Map<string, Role>();

  constructor(now: number) {
    this.now = now;
    for (const { name, permissions } of builtInRoles) {
      this.roles.set(name, { name, permissions: new Set(permissions) });
    }
  }

  permissionsOf(person: Person): Set<string> {
    return new Set([...person.roles].flatMap((role) => [...role.permissions]));
  }

  /** What a principal may do now; nothing when it is over. */
  held({ kind, person, permissions, over }: Principal): ReadonlySet<string> {
    if (kind === "local") return everything;
    if (over || !person || !this.mayEnter(person)) return new Set();
    const owners = this.permissionsOf(person);
    return permissions ? new Set([...permissions].filter((name) => owners.has(name))) : owners;
  }

  mayEnter(person: Person): boolean {
    const { active, deletedAt, validUntil } = person;
    return active && deletedAt === null && (validUntil === null || this.now < validUntil);
  }

  isAdministrator(person: Person): boolean {
    const { active, deletedAt, service, password, validUntil, roles } = person;
    const isAdmin = [...roles].some(({ name }) => name === "admin");
    return active && deletedAt === null && !service && password && validUntil === null && isAdmin;
  }

  /** What a set of permissions does not reach of another; whoever manages roles reaches applications' too. */
  lacked(held: ReadonlySet<string>, wanted: Iterable<string>): string[] {
    const reaches = (name: string) => held.has(name) || (name.includes(":") && held.has("roles.manage"));
    return [...wanted].filter((name) => !reaches(name));
  }

  /** The reasons that the contract allows for the answer: those that apply, of the code that comes first. */
  expected(by: Principal, act: Change): Reason[] {
    if (by.person && (by.over || !this.mayEnter(by.person))) {
      return [by.kind === "session" ? "sessionExpired" : "unauthenticated"];
    }
    const applying = this.#applying(by, act);
    const first = order.find((code) => applying.some((reason) => reasonCodes[reason] === code));
    return applying.filter((reason) => reasonCodes[reason] === first);
  }

  #applying(by: Principal, act: Change): Reason[] {
    const held = this.held(by);
    const found: Reason[] = [];
    const target = "user" in act ? this.people.get(act.user) : undefined;
    const isOwn = target !== undefined && by.person === target;
    const isFree = by.kind === "session" && isOwn && (act.do === "createKey" || act.do === "revokeKeys");
    if (!held.has(needed[act.do]) && !isFree) return ["forbidden"];
    const needsProof = sudo.includes(act.do) || (act.do === "update" && act.roles !== undefined);
    if (needsProof && by.kind === "session" && this.now - by.provenAt > HOUR / 4) {
      found.push("reauthenticationRequired");
    }
    if ("user" in act && act.do !== "create") {
      if (!target) return [...found, "notFound"];
      const outranked = this.lacked(held, this.permissionsOf(target)).length > 0;
      if (outranked && !(by.kind === "session" && isOwn)) found.push("outranked");
      const isGone = target.deletedAt !== null;
      const wantsGone = act.do === "restore" || act.do === "purge";
      if (isGone && !wantsGone) return [...found, "notFound"];
      if (!isGone && wantsGone) found.push("invalidState");
      const next = this.#changed(target, act);
      if (isOwn && ((target.active && !next.active) || act.do === "delete")) found.push("ownAccount");
      const others = [...this.people.values()].filter((person) => person !== target);
      const isLast = this.isAdministrator(target) && !others.some((person) => this.isAdministrator(person));
      if (isLast && !this.isAdministrator(next)) found.push("lastAdministrator");
    }
    if (act.do === "create" && target) found.push("alreadyExists");
    if ((act.do === "create" || act.do === "update") && act.roles) {
      const granted = this.rolesNamed(act.roles).flatMap((role) => [...role.permissions]);
      if (this.lacked(held, granted).length > 0) found.push("outranked");
    }
    if (act.do === "createKey") {
      const wider = by.kind === "key" && act.permissions.some((name) => !held.has(name));
      if (wider || this.lacked(held, act.permissions).length > 0) found.push("outranked");
    }
    if ("role" in act) found.push(...this.#applyingToRole(by, held, act));
    return found;
  }

  #applyingToRole(by: Principal, held: ReadonlySet<string>, act: Extract<Act, { role: string }>): Reason[] {
    const role = this.roles.get(act.role);
    const found: Reason[] = [];
    if (act.do === "createRole") {
      if (role) found.push("alreadyExists");
      if (this.lacked(held, act.permissions).length > 0) found.push("outranked");
      return found;
    }
    if (!role) return ["notFound"];
    if (role.name === "admin") found.push("invalidState");
    const holders = [...this.people.values()].filter((person) => person.roles.has(role));
    if (act.do === "deleteRole") return holders.length > 0 ? [...found, "inUse"] : found;
    const others = by.kind === "session" ? holders.filter((person) => person !== by.person) : holders;
    const added = act.permissions?.filter((name) => !role.permissions.has(name)) ?? [];
    const wanted = [...added, ...others.flatMap((person) => [...this.permissionsOf(person)])];
    if (this.lacked(held, wanted).length > 0) found.push("outranked");
    if (act.name !== undefined && act.name !== role.name && this.roles.has(act.name)) {
      found.push("alreadyExists");
    }
    return found;
  }

  /** Does what was not refused. */
  apply(act: Act): void {
    if (act.do === "wait") this.now += act.ms;
    if (act.do === "wait") this.#purgeOld();
    if (act.do === "createRole") {
      this.roles.set(act.role, { name: act.role, permissions: new Set(act.permissions) });
    }
    if (act.do === "deleteRole") this.roles.delete(act.role);
    if (act.do === "updateRole") this.#updateRole(act);
    if (act.do === "purge") this.people.delete(act.user);
    if (act.do === "create") {
      const { user: name, service, password } = act;
      const roles = new Set(this.rolesNamed(act.roles));
      const validUntil = this.instant(act.end);
      const person = { name, roles, active: true, deletedAt: null, service, password, validUntil };
      this.people.set(name, { ...person, keys: new Set() });
    }
    const person = "user" in act ? this.people.get(act.user) : undefined;
    if (!person || act.do === "create") return;
    Object.assign(person, this.#changed(person, act));
    if (act.do === "revokeKeys" || act.do === "delete") {
      for (const key of person.keys) key.over = true;
      person.keys.clear();
    }
  }

  rolesNamed(names: readonly string[]): Role[] {
    return names.flatMap((name) => this.roles.get(name) ?? []);
  }

  instant(end: End): number | null {
    return { none: null, soon: this.now + HOUR, past: this.now - HOUR }[end];
  }

  #changed(person: Person, act: Act): Person {
    if (act.do === "enable") return { ...person, active: true };
    if (act.do === "disable") return { ...person, active: false };
    if (act.do === "delete") return { ...person, deletedAt: this.now };
    if (act.do === "restore") return { ...person, deletedAt: null, active: false };
    if (act.do !== "update") return person;
    return {
      ...person,
      ...(act.roles && { roles: new Set(this.rolesNamed(act.roles)) }),
      ...(act.active !== undefined && { active: act.active }),
      ...(act.end !== undefined && { validUntil: this.instant(act.end) }),
    };
  }

  #updateRole({ role: name, permissions, name: next }: Extract<Act, { do: "updateRole" }>): void {
    const role = this.roles.get(name);
    if (!role) return;
    if (permissions) role.permissions = new Set(permissions);
    if (next === undefined) return;
    this.roles.delete(name);
    role.name = next;
    this.roles.set(next, role);
  }

  #purgeOld(): void {
    for (const { name, deletedAt } of this.people.values()) {
      if (deletedAt !== null && deletedAt + WEEK <= this.now) this.people.delete(name);
    }
  }
}
