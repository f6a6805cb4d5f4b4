import { expect, test } from "vitest";
import type { Client, Params, Result } from "../../../protocol/index.ts";
import { ConnectionLost } from "../../../protocol/index.ts";
import type { Candidate } from "../../../tui/transfer/candidates.ts";
import { candidateOf } from "../../../tui/transfer/candidates.ts";
import { openSource } from "../../../tui/transfer/source.ts";
import { upload } from "../../../tui/transfer/upload.ts";
import { all, scratchFile } from "./scratch-file.ts";

type Batch = Params<"users.import">;

/** A daemon that takes every row, and tells what it was sent. */
function daemon(onBatch: (batch: Batch) => void = () => {}): Client {
  const call = async (_method: string, params: Batch): Promise<Result<"users.import">> => {
    onBatch(params);
    const results = params.users.map((user, index) => {
      const { username } = user as { username: string };
      return { index, username, outcome: "created" as const };
    });
    return { results, created: results.length, updated: 0, unchanged: 0, failed: 0 };
  };
  return { call } as unknown as Client;
}

const quietly = { mode: "create", dryRun: false, partial: false, onFailed() {}, onProgress() {} } as const;

test("20,000 rows of a file go through batch by batch, and none is read before the one before is answered", async () => {
  const rows = Array.from({ length: 20_000 }, (_, at) => `{"username":"u${at}","fullName":"User ${at}"}`);
  const source = await openSource(scratchFile("users.jsonl", rows.join("\n")), undefined, undefined);
  let read = 0;
  let sent = 0;
  let ahead = 0;
  async function* counted(): AsyncGenerator<Candidate> {
    for await (const candidate of source.candidates()) {
      read += 1;
      ahead = Math.max(ahead, read - sent);
      yield candidate;
    }
  }
  const client = daemon(({ users }) => {
    expect(users.length).toBeLessThanOrEqual(500);
    // What is in the daemon's hands, and the one row that did not fit any more.
    expect(read - sent - users.length).toBeLessThanOrEqual(1);
    sent += users.length;
  });
  const { created } = await upload(client, counted(), quietly);
  expect({ created, read, sent }).toEqual({ created: 20_000, read: 20_000, sent: 20_000 });
  expect(ahead).toBeLessThanOrEqual(501);
});

test("a batch ends at 500 rows, at 50 passwords, and well below the daemon's frame", async () => {
  const sizes: number[] = [];
  const client = daemon((batch) => {
    expect(Buffer.byteLength(JSON.stringify(batch))).toBeLessThan(1024 * 1024 - 1024);
    sizes.push(batch.users.length);
  });
  const send = async (count: number, more: object) => {
    sizes.length = 0;
    const rows = Array.from({ length: count }, (_, at) => ({
      line: at,
      value: { username: `u${at}`, ...more },
    }));
    const candidates = (async function* () {
      for (const row of rows) yield candidateOf("f", row);
    })();
    await upload(client, candidates, quietly);
    return [...sizes];
  };
  expect(await send(1001, {})).toEqual([500, 500, 1]);
  expect(await send(101, { password: "x" })).toEqual([50, 50, 1]);
  const large = await send(40, { settings: { studio: "é".repeat(30_000) } });
  expect(large.length).toBeGreaterThan(2);
});

test("a user who stands in the file twice is found over batches, in any spelling", async () => {
  const rows = Array.from({ length: 600 }, (_, at) => ({ line: at + 1, value: { username: `u${at}` } }));
  rows.push({ line: 601, value: { username: "U0" } });
  const candidates = (async function* () {
    for (const row of rows) yield candidateOf("f", row);
  })();
  const failures: string[] = [];
  const onFailed = (place: string, why: string) => failures.push(`${place}: ${why}`);
  const totals = await upload(daemon(), candidates, { ...quietly, partial: true, onFailed });
  expect(totals).toMatchObject({ created: 600, failed: 1 });
  expect(failures).toEqual(["line 601 (u0): the same user stands at line 1"]);
});

test("a lost connection says what is done and how to go on", async () => {
  let batches = 0;
  const client = daemon(() => {
    batches += 1;
    if (batches === 3) throw new ConnectionLost("The connection was lost", 1006);
  });
  const candidates = (async function* () {
    for (let at = 1; at <= 2000; at++) yield candidateOf("f", { line: at, value: { username: `u${at}` } });
  })();
  const failure = await upload(client, candidates, quietly).catch((error) => error);
  expect(failure.message).toMatch(
    /^line 1001 to line 1500: .*the 1000 rows before it are done.*--mode upsert/,
  );
});

test("only who is new, is a person, and had a password or may have had one, wants one", async () => {
  const rows = [
    { username: "plain" },
    { username: "keyed", hasPassword: false },
    { username: "had", hasPassword: true },
    { username: "door", type: "service", hasPassword: false },
    { username: "given", password: "x" },
  ];
  const candidates = (async function* () {
    for (const [line, value] of rows.entries()) yield candidateOf("f", { line, value });
  })();
  const { wantingPassword } = await upload(daemon(), candidates, quietly);
  expect(wantingPassword).toEqual(["plain", "had"]);
});

test.each([
  [
    "nested too deep",
    `{"username":"a","settings":${'{"x":'.repeat(40)}1${"}".repeat(40)}}`,
    "nested deeper than 28",
  ],
  ["a prototype", '{"username":"a","settings":{"__proto__":{"x":1}}}', 'the key "__proto__" is refused'],
  ["huge", `{"username":"a","settings":{"x":"${"y".repeat(600_000)}"}}`, "the row takes"],
])("a row that is %s is refused before it is sent, at its line", async (_, row, message) => {
  const source = await openSource(
    scratchFile("users.jsonl", `{"username":"b"}\n${row}\n`),
    undefined,
    undefined,
  );
  const failure = await all(source.candidates()).catch((error) => error);
  expect(failure.message).toMatch(/users\.jsonl, line 2: /);
  expect(failure.message).toContain(message);
});

test("a file that is not UTF-8 is refused at its line, also where it ends in half a character", async () => {
  const bytes = (text: string) =>
    Buffer.concat([Buffer.from(text), Buffer.from([0xe9]), Buffer.from('"}\n')]);
  const latin1 = scratchFile("users.jsonl", bytes('{"username":"a"}\n{"username":"b","fullName":"Ren'));
  const source = await openSource(latin1, undefined, undefined);
  const failure = await all(source.candidates()).catch((error) => error);
  expect(failure.message).toMatch(/users\.jsonl, line 2: this is not UTF-8/);
  const half = scratchFile("half.jsonl", Buffer.concat([Buffer.from('"a"\n'), Buffer.from([0xe2, 0x82])]));
  const cut = await all((await openSource(half, "jsonl", undefined)).candidates()).catch((error) => error);
  expect(cut.message).toMatch(/half\.jsonl, line 2: this is not UTF-8/);
});
