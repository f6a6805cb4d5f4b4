import { createHash } from "node:crypto";
import { appendFile, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { ByteBuffer } from "../../../../daemon/store/json/byte-buffer.ts";
import { decodeLine, encodeLine, lineText, statedHash } from "../../../../daemon/store/json/line.ts";
import { unpackBackup } from "../../../../daemon/store/json/unpack-backup.ts";
import { verifyDirectory } from "../../../../daemon/store/json/verify.ts";
import type { Transaction } from "../../../../daemon/store/store.ts";
import { DAY, openTestDirectory, TestDirectory } from "../../directory/test-directory.ts";
import { actor, key, makeDirectory, open, user } from "./fixtures.ts";
import { unsyncedFiles } from "./intercepted-files.ts";
import { copyOf, editLines, journalOf, populate, problemsIn } from "./used-directory.ts";

/** As a kill leaves it: entries are in a sealed segment and, after the snapshot, in a live one. */
let used: string;
let sealed: string;
let live: string;
let tip: { seq: number; hash: string; epoch: string };

beforeAll(async () => {
  used = await makeDirectory();
  const roster = await new TestDirectory(used, { io: unsyncedFiles }).open();
  await populate(roster);
  await roster.store.snapshot();
  for (const username of ["carl", "dora", "emil", "fred"]) await roster.user(username);
  tip = roster.store.tip();
  [sealed, live] = (await journalOf(used)) as [string, string];
  expect(sealed).toMatch(/^audit\//);
});
afterAll(() => rm(used, { recursive: true }));

test("a directory that was killed is good, and its tip lies on its chain", async () => {
  expect(await problemsIn(used, tip)).toEqual([]);
  const { chain, epoch, users } = await verifyDirectory(unsyncedFiles, used, null);
  expect({ seq: chain.seq, hash: chain.hash, epoch }).toEqual(tip);
  expect(users).toBe(7);
});

describe.each(["sealed", "live"])("in a %s segment", (which) => {
  const segment = () => (which === "sealed" ? sealed : live);

  async function edited(edit: (lines: string[]) => string[]): Promise<string[]> {
    const copy = await copyOf(used);
    await editLines(join(copy, segment()), edit);
    return problemsIn(copy);
  }

  test("an entry that was edited is found", async () => {
    const problems = await edited((lines) =>
      lines.with(1, lines[1]?.replace('"outcome":"ok"', '"outcome":"no"') ?? ""),
    );
    expect(problems).toEqual([
      `${segment()}, line 2: its hash does not match: it, or the line before, was changed`,
    ]);
  });

  test("the first one, too", async () => {
    const problems = await edited((lines) =>
      lines.with(0, lines[0]?.replace('"outcome":"ok"', '"outcome":"no"') ?? ""),
    );
    expect(problems.join()).toMatch(new RegExp(`^${segment()}, line 1: its hash does not match`));
  });

  test("an entry that was deleted is found", async () => {
    const problems = await edited((lines) => lines.toSpliced(1, 1));
    expect(problems.join()).toMatch(
      new RegExp(`^${segment()}, line 2: positions? [\\d to]+ (is|are) missing before it$`),
    );
  });

  test("entries that were swapped are found", async () => {
    const problems = await edited(([first = "", second = "", third = "", ...rest]) => [
      first,
      third,
      second,
      ...rest,
    ]);
    expect(problems.filter((problem) => problem.startsWith(`${segment()}, line 2: position`))).toHaveLength(
      1,
    );
    expect(problems.filter((problem) => problem.startsWith(`${segment()}, line 3: position`))).toHaveLength(
      1,
    );
  });

  test("an entry that was put in is found", async () => {
    const problems = await edited((lines) => lines.toSpliced(1, 0, lines[0] ?? ""));
    expect(problems.join()).toMatch(
      new RegExp(`^${segment()}, line 2: position \\d+ comes again, or too late`),
    );
  });

  test("a line that is none is told where it is, and what follows is judged all the same", async () => {
    const problems = await edited((lines) =>
      lines.with(0, "nonsense").with(2, lines[2]?.replace('"ok"', '"no"') ?? ""),
    );
    expect(problems.map((problem) => problem.split(":")[0])).toEqual([
      `${segment()}, line 1`,
      `${segment()}, line 3`,
    ]);
  });

  test("the whole file missing is found", async () => {
    const copy = await copyOf(used);
    await rm(join(copy, segment()));
    expect((await problemsIn(copy)).join()).toMatch(/does not lie on the journal's chain|missing/);
  });
});

describe("with a tip that was kept elsewhere", () => {
  test("entries cut off at a line's end are found, and without it they are not", async () => {
    const copy = await copyOf(used);
    await editLines(join(copy, live), (lines) => lines.slice(0, -2));
    expect(await problemsIn(copy)).toEqual([]);
    expect(await problemsIn(copy, tip)).toEqual([
      `positions ${tip.seq - 1} to ${tip.seq} are missing at the end: the tip is newer than what is here`,
    ]);
  });

  test("a history that was written anew with hashes that match is found", async () => {
    const copy = await copyOf(used);
    await editLines(join(copy, live), (lines) => {
      const [before = "", last = ""] = lines.slice(-2);
      const previous = statedHash(Buffer.from(before));
      const { line } = decodeLine(previous, Buffer.from(last));
      const rewritten = new ByteBuffer();
      const entries = line.entries.map((entry) => ({ ...entry, at: "2020-01-01T00:00:00.000Z" }));
      encodeLine(previous, line.durable, lineText(entries, line.changes ?? []), rewritten);
      return [...lines.slice(0, -1), rewritten.bytes.toString().trimEnd()];
    });
    expect(await problemsIn(copy)).toEqual([]);
    expect(await problemsIn(copy, tip)).toEqual([
      `at position ${tip.seq} the chain has not the tip's hash: the history up to there was changed`,
    ]);
  });

  test("a tip of another directory is told so", async () => {
    const epoch = "019ca945-0a00-7a4a-8b61-1f0c52d0e001";
    expect((await problemsIn(used, { ...tip, epoch })).join()).toContain(`the tip is of epoch ${epoch}`);
  });
});

test("an unfinished write at the end is no problem: the next start cuts it off", async () => {
  const copy = await copyOf(used);
  const end = (await readFile(join(copy, live))).lastIndexOf("\n");
  await truncate(join(copy, live), end - 20);
  const { problems, chain } = await verifyDirectory(unsyncedFiles, copy, null);
  expect(problems).toEqual([]);
  expect(chain.torn).toBeGreaterThan(100);
  expect(chain.seq).toBe(tip.seq - 1);
});

test("the zeros behind the last line of a directory that was killed are no unfinished write", async () => {
  expect((await readFile(join(used, live))).at(-1)).toBe(0);
  expect((await verifyDirectory(unsyncedFiles, used, null)).chain.torn).toBe(0);
});

test("zeros behind an older segment are found", async () => {
  const copy = await copyOf(used);
  await appendFile(join(copy, sealed), Buffer.alloc(1000));
  expect(await problemsIn(copy)).toEqual([expect.stringContaining(`${sealed}, line `)]);
});

test("a line that is on disk no more, but zeros, is found while the daemon runs", async () => {
  const roster = await openTestDirectory();
  expect(await roster.store.verify()).toEqual([]);
  for (const username of ["ann", "bob", "cid"]) await roster.user(username);
  expect(await roster.store.verify()).toEqual([]);
  const path = join(roster.path, "journal-1.jsonl");
  const bytes = await readFile(path);
  const from = bytes.indexOf("\n") + 1;
  for (const place of [from, from + 100]) {
    await writeFile(path, Buffer.from(bytes).fill(0, place));
    const [problem] = await roster.store.verify();
    expect(problem?.problem).toContain("positions 2 to 3 are missing at the end");
  }
});

test("a change of the snapshot is found", async () => {
  const copy = await copyOf(used);
  await editLines(join(copy, "users.json"), (lines) =>
    lines.map((line) => line.replace("Ben Baker", "Ben Bäcker")),
  );
  expect(await problemsIn(copy)).toEqual([
    "users.json: its checksum does not match: it was changed by something other than rosterd",
  ]);
});

test("a snapshot of another directory is found", async () => {
  const copy = await copyOf(used);
  const other = await openTestDirectory();
  await other.user("eve");
  await other.store.snapshot();
  await writeFile(join(copy, "users.json"), await readFile(join(other.path, "users.json")));
  expect((await problemsIn(copy)).length).toBeGreaterThan(0);
});

test("a snapshot that is missing, or empty, is found", async () => {
  const copy = await copyOf(used);
  await writeFile(join(copy, "users.json"), "");
  expect(await problemsIn(copy)).toEqual(["users.json: it is empty"]);
  await rm(join(copy, "users.json"));
  expect(await problemsIn(copy)).toEqual(["users.json: it is missing"]);
});

describe("references between records", () => {
  const absent = "01a214e4-38e6-7c7c-aaf3-4c1a1c6b49cb";
  const other = "01a214e4-38e6-7c7c-aaf3-4c1a1c6b49cc";
  const instant = "2026-01-01T00:00:00.000Z";
  const digest = "0".repeat(64);
  const good = { lookup: "Lookup000001", hash: digest };

  const cases: [string, (tx: Transaction) => void, string][] = [
    [
      "a user's role",
      (tx) => tx.put("users", user(absent, { username: "ed", roles: ["gone"] })),
      'user refers to role "gone", which is not there',
    ],
    [
      "a user's name",
      (tx) => {
        tx.put("users", user(absent, { username: "ed", roles: [] }));
        tx.put("users", user(other, { username: "ed", roles: [] }));
      },
      'user shares "ed" with another one',
    ],
    [
      "a key's owner",
      (tx) => tx.put("keys", key(other, absent, good)),
      `key refers to user "${absent}", which is not there`,
    ],
    [
      "a session's user",
      (tx) =>
        tx.put("sessions", {
          ...{ id: other, userId: absent, ...good, createdAt: instant, expiresAt: instant },
          ...{ reauthenticatedAt: instant, address: null, client: null },
        }),
      `session refers to user "${absent}", which is not there`,
    ],
    [
      "the user of settings",
      (tx) => tx.put("settings", { id: absent, settings: {}, revision: 1 }),
      `settings refers to user "${absent}", which is not there`,
    ],
    [
      "the user of a presence",
      (tx) =>
        tx.put("presence", { id: absent, status: "Out", message: "", returnAt: null, updatedAt: instant }),
      `presence refers to user "${absent}", which is not there`,
    ],
    [
      "the key of a use",
      (tx) => tx.put("usage", { id: absent, lastUsedAt: instant, lastUsedFrom: null, useCount: 1 }),
      `usage refers to key or session "${absent}", which is not there`,
    ],
    [
      "the form of a record",
      (tx) =>
        tx.put("roles", {
          id: "r",
          name: "r",
          description: "",
          permissions: ["fly"],
          builtIn: false,
          revision: 1,
        }),
      "role permissions: 0: must be one of Roster's permissions",
    ],
  ];

  test.each(cases)("%s", async (_what, change, problem) => {
    const roster = await openTestDirectory();
    await roster.store.transaction(actor, async (tx) => {
      change(tx);
      tx.entry("user.updated", null);
    });
    const inJournal = await problemsIn(roster.path);
    expect(inJournal).toHaveLength(1);
    expect(inJournal[0]).toContain(`journal-1.jsonl, line 1: ${problem}`);

    await roster.store.snapshot();
    expect((await problemsIn(roster.path))[0]).toMatch(/^users\.json, line \d+: /);

    const [online] = await roster.store.verify();
    expect(online?.problem).toContain(problem);
  });
});

test("a snapshot that says it is elsewhere in the history is found", async () => {
  const copy = await copyOf(used);
  await editLines(join(copy, "users.json"), (lines) => {
    const content = lines.slice(0, -1);
    content[0] = (content[0] ?? "").replace(/"hash":"[0-9a-f]{64}"/, `"hash":"${"0".repeat(64)}"`);
    const text = content.map((line) => `${line}\n`).join("");
    return [...content, `"checksum":"${createHash("sha256").update(text).digest("hex")}"}`];
  });
  expect((await problemsIn(copy)).join()).toMatch(
    /^users\.json, line 1: its position \d+ does not lie on the journal's chain$/,
  );
});

describe("where older entries were pruned", () => {
  async function prunedDirectory(): Promise<string> {
    const roster = await openTestDirectory();
    // A sealed file is closed after a day.
    for (const username of ["ann", "bob", "cid", "dan"]) {
      await roster.user(username);
      await roster.store.snapshot();
      roster.advance(2 * DAY);
    }
    await roster.store.pruneEntries({
      since: new Date(Date.parse(roster.now) - 5 * DAY).toISOString(),
      bytes: 1e9,
    });
    return copyOf(roster.path);
  }

  test("what is left is good", async () => {
    const directory = await prunedDirectory();
    expect(await journalOf(directory)).not.toContain("audit/journal-1.jsonl");
    expect(await problemsIn(directory)).toEqual([]);
    expect((await problemsIn(directory, { seq: 1, hash: "0".repeat(64), epoch: null })).join()).toContain(
      "was pruned",
    );
  });

  test("one file more that is gone is found", async () => {
    const directory = await prunedDirectory();
    const [oldest = ""] = await journalOf(directory);
    await rm(join(directory, oldest));
    expect((await problemsIn(directory)).join()).toMatch(/positions? .* missing before it/);
  });

  test("a first line that was changed is found", async () => {
    const directory = await prunedDirectory();
    const [oldest = ""] = await journalOf(directory);
    await editLines(join(directory, oldest), (lines) =>
      lines.with(0, lines[0]?.replace('"ok"', '"no"') ?? ""),
    );
    expect((await problemsIn(directory)).join()).toContain(`${oldest}, line 1: its hash does not match`);
  });

  test("a backup of it is good too", async () => {
    const store = await open({ directory: await prunedDirectory() });
    const { file } = await store.backup();
    const out = await makeDirectory();
    onTestFinished(() => rm(out, { recursive: true }));
    const manifest = await unpackBackup(unsyncedFiles, file, out);
    expect(await problemsIn(out, manifest)).toEqual([]);
  });
});
