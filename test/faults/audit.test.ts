import { beforeAll, expect, test } from "vitest";
import { ByteBuffer } from "../../daemon/store/json/byte-buffer.ts";
import { decodeLine, encodeLine, lineText, statedHash } from "../../daemon/store/json/line.ts";
import { verifyDirectory } from "../../daemon/store/json/verify.ts";
import type { Tip } from "../../daemon/store/store.ts";
import { TestDirectory } from "../daemon/directory/test-directory.ts";
import { MemoryDisk } from "../daemon/store/json/memory-disk.ts";
import { populate } from "../daemon/store/json/used-directory.ts";
import { tell, times } from "./effort.ts";
import { DIRECTORY } from "./session.ts";

const SEALED = "audit/journal-1.jsonl";
let live = "";
/** As a kill leaves it: entries are sealed and, after the snapshot, in a live segment. */
let used: MemoryDisk;
let tip: Tip;

beforeAll(async () => {
  const disk = new MemoryDisk();
  const roster = await new TestDirectory(DIRECTORY, { io: disk.files }).open();
  await populate(roster);
  await roster.store.snapshot();
  for (const username of ["carl", "dora", "emil", "fred"]) await roster.user(username);
  tip = roster.store.tip();
  used = disk.afterKill();
  await roster.store.close();
  live = (await used.files.readdir(DIRECTORY)).find((name) => name.startsWith("journal-")) ?? "";
  expect(await problemsWith(live, (lines) => lines, tip)).toEqual([]);
});

/** What is done to a file's lines at one of them. */
type Tampering = (lines: readonly string[], at: number) => readonly string[];

const tamperings: [string, Tampering][] = [
  ["deleted", (lines, at) => lines.toSpliced(at, 1)],
  ["swapped with the next one", (lines, at) => lines.toSpliced(at, 2, lines[at + 1] ?? "", lines[at] ?? "")],
  ["put in again", (lines, at) => lines.toSpliced(at, 0, lines[at] ?? "")],
  ["edited", (lines, at) => lines.with(at, edited(lines[at] ?? ""))],
];
for (const [what, tamper] of tamperings) {
  test(`verify finds, with file and line, whichever audit entry was ${what}`, async (context) => {
    let tried = 0;
    for (const file of [SEALED, live]) {
      const count = linesOf(file).length;
      // What became of the very last line only a tip tells; and there is none to swap it with.
      const last = what !== "edited" && (file === live || what.startsWith("swapped")) ? count - 1 : count;
      for (let at = 0; at < last; at++) {
        const problems = await problemsWith(file, (lines) => tamper(lines, at));
        expect(problems.join("\n"), `line ${at + 1} of ${file}`).toMatch(
          /journal-\d+\.jsonl, line \d+: |users\.json/,
        );
        tried += 1;
      }
    }
    tell(context, `${tried} lines`);
  });
}

test("verify finds every changed byte of the audit", async (context) => {
  const step = times(41, 1);
  let tried = 0;
  for (const file of [SEALED, live]) {
    const bytes = used.read(`${DIRECTORY}/${file}`);
    // Behind the lines of the live one stand zeros, which are no part of the audit.
    for (let at = 0; at <= bytes.lastIndexOf("\n"); at += step) {
      const copy = Buffer.from(bytes);
      copy[at] = (bytes[at] ?? 0) ^ (1 << (tried % 8));
      expect(await problemsIn(copy, file), `byte ${at} of ${file}`).not.toEqual([]);
      tried += 1;
    }
  }
  tell(context, `${tried} bytes`);
});

test("wherever the tail was cut off, verify finds it against a tip that was kept elsewhere", async () => {
  const count = linesOf(live).length;
  for (let kept = 0; kept < count; kept++) {
    const cut: Edit = (lines) => lines.slice(0, kept);
    expect(await problemsWith(live, cut)).toEqual([]);
    expect((await problemsWith(live, cut, tip)).join()).toContain(
      `to ${tip.seq} are missing at the end`.slice(-26),
    );
  }
});

test("wherever a history with hashes of its own begins, verify finds it against a tip", async () => {
  const count = linesOf(live).length;
  for (let from = 1; from < count; from++) {
    const forge: Edit = (lines) => forged(lines, from);
    expect(await problemsWith(live, forge)).toEqual([]);
    expect((await problemsWith(live, forge, tip)).join()).toContain("the history up to there was changed");
  }
});

type Edit = (lines: readonly string[]) => readonly string[];

function linesOf(file: string): string[] {
  return used.read(`${DIRECTORY}/${file}`).toString().split("\n").slice(0, -1);
}

async function problemsWith(file: string, edit: Edit, against: Tip | null = null): Promise<string[]> {
  const text = edit(linesOf(file)).map((line) => `${line}\n`);
  return problemsIn(Buffer.from(text.join("")), file, against);
}

/** What `rosterd verify` finds when the file holds these bytes. */
async function problemsIn(bytes: Buffer, file: string, against: Tip | null = null): Promise<string[]> {
  const disk = used.afterKill();
  disk.write(`${DIRECTORY}/${file}`, bytes);
  const { problems } = await verifyDirectory(disk.files, DIRECTORY, against);
  return problems.map(({ file, line, problem }) => `${file}, line ${line}: ${problem}`);
}

function edited(line: string): string {
  return line.replace('"outcome":"ok"', '"outcome":"no"');
}

/** The lines from one on as somebody would write them who knows how hashes are made. */
function forged(lines: readonly string[], from: number): string[] {
  const honest = lines.slice(0, from);
  let previous = statedHash(Buffer.from(honest.at(-1) ?? ""));
  let hash = previous;
  const rewritten = new ByteBuffer();
  for (const text of lines.slice(from)) {
    const { line, hash: next } = decodeLine(previous, Buffer.from(text));
    previous = next;
    const entries = line.entries.map((entry) => ({ ...entry, at: "2020-01-01T00:00:00.000Z" }));
    hash = encodeLine(hash, line.durable, lineText(entries, line.changes ?? []), rewritten);
  }
  return [...honest, ...rewritten.bytes.toString().split("\n").slice(0, -1)];
}
