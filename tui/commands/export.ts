import { once } from "node:events";
import type { Client, UserDetail } from "../../protocol/index.ts";
import { csvHeader, csvLines } from "../transfer/csv.ts";
import type { ExportFormat } from "../transfer/formats.ts";
import { type PortableUser, portable } from "../transfer/portable-user.ts";
import { type Destination, open } from "./connection.ts";
import { escapeUnseen } from "./output.ts";

const PAGE_ROWS = 500;

/** How a format begins, writes a page (knowing whether it is the first), and ends. */
interface Writer {
  begin: string;
  page(users: readonly PortableUser[], isFirst: boolean): string;
  end: string;
}

const writers: Record<ExportFormat, Writer> = {
  json: {
    begin: "[",
    page: (users, isFirst) =>
      users.map((user, at) => `${isFirst && at === 0 ? "" : ","}\n${json(user)}`).join(""),
    end: "\n]\n",
  },
  jsonl: { begin: "", page: (users) => users.map((user) => `${json(user)}\n`).join(""), end: "" },
  csv: { begin: csvHeader(), page: csvLines, end: "" },
};

/** Prints all live users on standard output as fast as it is read, one page in memory. */
export async function exportUsers(format: ExportFormat, destination: Destination): Promise<number> {
  const writer = writers[format];
  const client = await open(destination, "never");
  try {
    await print(writer.begin);
    let isFirst = true;
    for await (const page of pagesOf(client)) {
      await print(writer.page(page.map(portable), isFirst));
      isFirst = false;
    }
    await print(writer.end);
    return 0;
  } finally {
    client.close();
  }
}

async function* pagesOf(client: Client): AsyncGenerator<UserDetail[]> {
  for (let after: string | null | undefined; after !== null; ) {
    const { items, next } = await client.call("users.export", { limit: PAGE_ROWS, ...(after && { after }) });
    yield items;
    after = next;
  }
}

function json(user: PortableUser): string {
  return escapeUnseen(JSON.stringify(user));
}

async function print(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, "drain");
}
