import type { Result, UserDetail } from "../../protocol/index.ts";
import type { Call } from "./caller.ts";
import type { Context } from "./context.ts";
import { detailOf } from "./user-detail.ts";

/** What a page may take as JSON, so that it fits into anybody's frame, unless one user alone takes more. */
const PAGE_BYTES = 512 * 1024;

export function createUserExport({ store, presenceStatuses }: Context) {
  return {
    async export({ params, by }: Call<"users.export">): Promise<Result<"users.export">> {
      const { after = "", limit } = params;
      const items: UserDetail[] = [];
      let bytes = 0;
      const users = await store.usersAfter(after, limit + 1);
      for (const profile of await store.profiles(users)) {
        const detail = detailOf(profile, by, presenceStatuses);
        bytes += Buffer.byteLength(JSON.stringify(detail));
        const last = items.at(-1);
        if (last && (items.length === limit || bytes > PAGE_BYTES)) return { items, next: last.id };
        items.push(detail);
      }
      return { items, next: null };
    },
  };
}
