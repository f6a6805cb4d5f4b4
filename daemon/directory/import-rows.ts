import { ImportedUser, invalidParams, issuesOf, type ProtocolError, Username } from "../../protocol/index.ts";
import type { Reader } from "../store/store.ts";
import type { PasswordPolicy } from "./password-policy.ts";
import { refusalOf } from "./refusal.ts";
import { assertSettingsFit } from "./settings-limits.ts";
import { assertServiceHasNoPassword } from "./user-creation.ts";

/** A row of an import, and what is wrong with it whatever the directory holds. */
export type CheckedRow = { username: string | null } & (
  | { user: ImportedUser; error?: undefined }
  | { user?: undefined; error: ProtocolError }
);

/** Checks each row by itself, and that no two name the same user. */
export async function checkRows(
  given: readonly unknown[],
  { store, policy, settingsBytes }: { store: Reader; policy: PasswordPolicy; settingsBytes: number },
): Promise<CheckedRow[]> {
  const firstOf = new Map<string, number>();
  const rows: CheckedRow[] = [];
  for (const [index, row] of given.entries()) {
    const username = usernameOf(row);
    const first = username === null ? undefined : firstOf.get(username);
    if (username !== null && first === undefined) firstOf.set(username, index);
    const error = first === undefined ? undefined : duplicate(first);
    rows.push(error ? { username, error } : await checkRow(row, username));
  }
  return rows;

  async function checkRow(row: unknown, username: string | null): Promise<CheckedRow> {
    const parsed = ImportedUser.safeParse(row);
    if (!parsed.success) return { username, error: invalidParams(issuesOf(parsed.error)) };
    const user = parsed.data;
    const error = await refusalOf(async () => {
      assertServiceHasNoPassword(user);
      if (user.settings) assertSettingsFit(user.settings, settingsBytes);
      if (user.password !== undefined) await policy.check(user.password, await ownerOf(user));
    });
    return error ? { username, error } : { username, user };
  }

  async function ownerOf({ username, fullName }: ImportedUser) {
    return { username, fullName: fullName ?? (await store.userByName(username))?.fullName ?? "" };
  }
}

function usernameOf(row: unknown): string | null {
  const { username } = Object(row) as { username?: unknown };
  return Username.safeParse(username).data ?? null;
}

function duplicate(index: number): ProtocolError {
  const message = `row ${index} names the same user`;
  return invalidParams([{ path: ["username"], code: "duplicate", message }]);
}
