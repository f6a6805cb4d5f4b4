import {
  type ImportedUser,
  type ImportResult,
  invalidParams,
  type Result,
  refusal,
} from "../../protocol/index.ts";
import type { UserRecord } from "../store/records.ts";
import type { Transaction } from "../store/store.ts";
import type { Call, CallerNow } from "./caller.ts";
import type { Context } from "./context.ts";
import { type CheckedRow, checkRows } from "./import-rows.ts";
import { assertMayHavePassword, setPassword } from "./passwords.ts";
import { assertOutranks } from "./rank.ts";
import { refusalOf } from "./refusal.ts";
import { endSessions } from "./sessions.ts";
import { putSettings, storedSettings } from "./settings.ts";
import { changeUser } from "./user-changes.ts";
import { addUser } from "./user-creation.ts";
import { storedChanges } from "./user-lifecycle.ts";
import { assertNameIsFree, grantable } from "./users.ts";

type Row = CheckedRow & { passwordHash: string | null };
type Mode = Call<"users.import">["params"]["mode"];

export function createUserImport({ store, hashing, policy, lockout, limits, settingsDefaults }: Context) {
  return {
    /** One transaction: all rows, or with `partial` all good ones, become durable together. */
    async import(call: Call<"users.import">): Promise<Result<"users.import">> {
      const { users, mode, dryRun, partial } = call.params;
      const checked = await checkRows(users, { store, policy, settingsBytes: limits.settingsBytes });
      const mayChange = !dryRun && (partial || checked.every(({ error }) => !error));
      const rows = await withHashes(checked, mayChange);
      const work = call.change(async (tx, by) => {
        const results: ImportResult[] = [];
        for (const [index, row] of rows.entries())
          results.push(await importRow(tx, by, row, { index, mode }));
        const failed = results.find(({ outcome }) => outcome === "failed");
        if (failed && !partial) throw new Abandoned(results.map((result) => because(failed, result)));
        if (dryRun) throw new Abandoned(results);
        return results;
      });
      return counted(await work.catch(resultsOfAbandoned));
    },
  };

  /** Hashes one after the other, so that logins get their turn; where nothing will be kept, nothing is hashed. */
  async function withHashes(checked: readonly CheckedRow[], mayChange: boolean): Promise<Row[]> {
    const rows: Row[] = [];
    for (const row of checked) {
      const password = row.user?.password;
      if (password === undefined) rows.push({ ...row, passwordHash: null });
      else rows.push({ ...row, passwordHash: mayChange ? await hashing.hash(password) : "" });
    }
    return rows;
  }

  async function importRow(
    tx: Transaction,
    by: CallerNow,
    { username, user, error, passwordHash }: Row,
    { index, mode }: { index: number; mode: Mode },
  ): Promise<ImportResult> {
    if (error) return { index, username, outcome: "failed", error: error.toObject() };
    const present = mode === "upsert" ? await tx.userByName(user.username) : undefined;
    let outcome: ImportResult["outcome"] = "failed";
    const refused = await refusalOf(async () => {
      const isNew = !present || present.deletedAt !== null;
      if (isNew) outcome = await create(tx, by, user, passwordHash);
      else outcome = await update(tx, by, present, user, passwordHash);
    });
    return { index, username, outcome, ...(refused && { error: refused.toObject() }) };
  }

  /** Throws before it changes anything: a row that fails leaves no trace in the transaction. */
  async function create(tx: Transaction, by: CallerNow, user: ImportedUser, passwordHash: string | null) {
    const { settings = settingsDefaults, ...given } = user;
    await assertNameIsFree(tx, user.username);
    const roles = await grantable(tx, by, user.roles ?? []);
    await addUser(tx, { ...newUser, ...given, roles, passwordHash }, settings);
    return "created" as const;
  }

  /** As `create`. */
  async function update(
    tx: Transaction,
    by: CallerNow,
    present: UserRecord,
    user: ImportedUser,
    passwordHash: string | null,
  ) {
    await assertOutranks(tx, by, present);
    assertSameType(present, user);
    if (passwordHash !== null) assertMayHavePassword(present);
    const changes = await storedChanges(tx, by, present, changesOf(present, user));
    let { user: next } = await changeUser(tx, by, present, changes);
    if (passwordHash !== null) {
      const { mustChangePassword = true } = user;
      next = await setPassword(tx, lockout, next, { passwordHash, mustChangePassword });
      await endSessions(tx, next, "passwordReset");
    }
    const before = await storedSettings(tx, present, settingsDefaults);
    const after = user.settings ? putSettings(tx, next, before, user.settings, "settings.saved") : before;
    return next === present && after === before ? "unchanged" : "updated";
  }
}

/** What `users.create` gives a user about whom nothing is said. */
const newUser = {
  fullName: "",
  type: "normal",
  active: true,
  validUntil: null,
  theme: "default",
  presence: true,
} as const;

/** Carries the results out of a transaction that is to change nothing. */
class Abandoned extends Error {
  readonly results: readonly ImportResult[];

  constructor(results: readonly ImportResult[]) {
    super("The import changes nothing");
    this.results = results;
  }
}

function resultsOfAbandoned(error: unknown): readonly ImportResult[] {
  if (error instanceof Abandoned) return error.results;
  throw error;
}

/** The same for a row that was good, in an import that another row ended. */
function because(failed: ImportResult, result: ImportResult): ImportResult {
  if (result.outcome === "failed") return result;
  const message = `Not imported, since row ${failed.index} failed (partial imports the good rows)`;
  const error = refusal("invalidState", message, { because: failed.index }).toObject();
  return { ...result, outcome: "failed", error };
}

function counted(results: readonly ImportResult[]): Result<"users.import"> {
  const count = (outcome: ImportResult["outcome"]) =>
    results.filter((result) => result.outcome === outcome).length;
  return {
    results: [...results],
    created: count("created"),
    updated: count("updated"),
    unchanged: count("unchanged"),
    failed: count("failed"),
  };
}

/** With a password, whether it must be changed is told with that. */
function changesOf(present: UserRecord, { username, password, type, settings, ...changes }: ImportedUser) {
  const { mustChangePassword, ...others } = changes;
  const stays = password !== undefined || mustChangePassword === present.mustChangePassword;
  return stays || mustChangePassword === undefined ? others : changes;
}

function assertSameType({ username, type }: UserRecord, given: ImportedUser): void {
  if (given.type === undefined || given.type === type) return;
  const message = `${username} is a ${type} account, and stays one`;
  throw invalidParams([{ path: ["type"], code: "immutable", message }]);
}
