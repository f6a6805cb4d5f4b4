import type { Entry } from "../../../protocol/index.ts";
import type { Records } from "../records.ts";
import { type Run, recordsOf } from "./record-runs.ts";

/** The collections of which the audit shows what a record became. */
type Audited = "users" | "roles" | "keys";

/** What the audit shows of a record as the record has it too. Of roles a user's entry shows the names. */
const shown: { readonly [C in Audited]: readonly (keyof Records[C])[] } = {
  users: [
    "username",
    "fullName",
    "type",
    "roles",
    "active",
    "mustChangePassword",
    "passwordChangedAt",
    "validUntil",
    "theme",
    "presence",
    "createdAt",
    "deletedAt",
  ],
  roles: ["name", "description", "permissions", "builtIn"],
  keys: [
    "userId",
    "name",
    "permissions",
    "createdAt",
    "expiresAt",
    "rotatedFrom",
    "rotatedTo",
    "graceUntil",
    "revokedAt",
    "revokedReason",
  ],
};

const nouns: { readonly [C in Audited]: string } = { users: "user", roles: "role", keys: "key" };
const endings = new Map<string, Audited>([
  ["user.purged", "users"],
  ["role.deleted", "roles"],
  ["key.dropped", "keys"],
]);

type View = Readonly<Record<string, unknown>>;

/** What users, roles and keys are by what the audit says of them, to tell an edit by. */
export class AuditedState {
  readonly #views: { readonly [C in Audited]: Map<string, View> } = {
    users: new Map(),
    roles: new Map(),
    keys: new Map(),
  };
  readonly #roleIds = new Map<string, string>();

  note({ type, subject, data }: Entry): void {
    const ended = endings.get(type);
    if (ended && subject) this.#views[ended].delete(subject.id);
    if (isView(data.role) && subject && !ended) {
      this.#views.roles.set(subject.id, data.role);
      this.#roleIds.set(String(data.role.name), subject.id);
    }
    if (isView(data.user)) this.#noteUser(data.user);
    for (const key of [data.key, data.previous]) if (isView(key)) this.#views.keys.set(String(key.id), key);
  }

  /** What differs in the snapshot's records, one thing a line. */
  differences(runs: readonly Run[]): string[] {
    const found: string[] = [];
    const present = new Set<unknown>();
    for (const { collection, record, line } of recordsOf(runs)) {
      if (!isAudited(collection)) continue;
      present.add(record.id);
      const what = this.#difference(collection, record.id, record as unknown as View);
      if (what !== null) found.push(`line ${line}: ${nouns[collection]} ${what}`);
    }
    for (const collection of ["users", "roles", "keys"] as const) {
      for (const [id, view] of this.#views[collection]) {
        const isOfPurged = collection === "keys" && !this.#views.users.has(String(view.userId));
        if (!present.has(id) && !isOfPurged) found.push(`${nouns[collection]} ${nameOf(view)} is gone`);
      }
    }
    return found;
  }

  #noteUser(view: View): void {
    const names = Array.isArray(view.roles) ? view.roles : [];
    const roles = names.map((name) => this.#roleIds.get(name) ?? name).sort();
    this.#views.users.set(String(view.id), { ...view, roles });
  }

  #difference(collection: Audited, id: string, now: View): string | null {
    const view = this.#views[collection].get(id);
    // The roles that a directory begins with have no entry.
    if (!view) return now.builtIn === true ? null : `${nameOf(now)} is not in the audit that is kept`;
    const changed = shown[collection].filter(
      (field) => JSON.stringify(view[field]) !== JSON.stringify(now[field]),
    );
    const said = changed.map(
      (field) => `${field} ${JSON.stringify(view[field])} is now ${JSON.stringify(now[field])}`,
    );
    return said.length === 0 ? null : `${nameOf(now)}: ${said.join(", ")}`;
  }
}

function isAudited(collection: string): collection is Audited {
  return Object.hasOwn(nouns, collection);
}

function isView(value: unknown): value is View {
  return typeof value === "object" && value !== null;
}

function nameOf(view: View): string {
  return JSON.stringify(view.username ?? view.name);
}
