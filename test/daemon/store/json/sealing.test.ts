import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate as turnsEnd } from "node:timers/promises";
import { expect, onTestFinished, test, vi } from "vitest";
import { type JsonStore, openJsonStore } from "../../../../daemon/store/json/json-store.ts";
import { firstHash } from "../../../../daemon/store/json/line.ts";
import { readSegment } from "../../../../daemon/store/json/segment.ts";
import { listSegments } from "../../../../daemon/store/json/segments.ts";
import type { StoreLog } from "../../../../daemon/store/json/store-log.ts";
import { addUser, open, temporaryDirectory, user } from "./fixtures.ts";
import { interceptedFiles, systemError, unsyncedFiles } from "./intercepted-files.ts";

const DAY = Date.UTC(2026, 0, 1);
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);

/** Users whose passwords are told from each other in a file. */
async function changePasswords(store: JsonStore, numbers: number[]): Promise<void> {
  for (const number of numbers) await addUser(store, user("a", { passwordHash: `hash-${number}-` }));
}

/** All that the files of a directory hold, by name. */
async function contents(directory: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const name of await readdir(directory, { recursive: true })) {
    const path = join(directory, name);
    if ((await stat(path)).isFile()) found.set(name, (await readFile(path)).toString("latin1"));
  }
  return found;
}

async function seqsOf(store: JsonStore): Promise<{ back: number[]; on: number[] }> {
  const back: number[] = [];
  for (let before: number | null | undefined; before !== null; ) {
    const page = await store.queryEntries({ limit: 500, ...(before && { before }) });
    back.unshift(...page.items.map(({ seq }) => seq).reverse());
    before = page.next;
  }
  const on: number[] = [];
  // What is durable is told in a later turn.
  await turnsEnd();
  for await (const entries of store.entriesSince(0) ?? []) on.push(...entries.map(({ seq }) => seq));
  return { back, on };
}

/** Follows the chain through all segments from the history's beginning to the tip. */
async function expectWholeChain(directory: string, store: JsonStore): Promise<void> {
  const { epoch, seq, hash } = store.tip();
  let end = { seq: 0, hash: firstHash(epoch) };
  for (const { path, start, sealed } of await listSegments(unsyncedFiles, directory)) {
    expect(start).toBe(end.seq);
    const read = await readSegment(unsyncedFiles, path, end, () => {});
    // Behind the lines of the live one stand zeros.
    if (sealed) expect(read.problem).toBeNull();
    end = read.end;
  }
  expect([end.seq, end.hash.toString("hex")]).toEqual([seq, hash]);
}

function rememberingLog() {
  const errors: string[] = [];
  const ignore = (): void => {};
  const error: StoreLog["error"] = ({ err }: { err?: Error }) => errors.push(`${err?.message}`);
  return { errors, log: { info: ignore, warn: ignore, error } satisfies StoreLog };
}

test("once a snapshot has them, what passwords once were is on disk no more, and every entry still is", async () => {
  const directory = await temporaryDirectory();
  const store = await open({ directory });
  await changePasswords(store, [1, 2, 3]);
  await store.snapshot();

  const files = await contents(directory);
  expect([...files.keys()].sort()).toEqual(
    ["audit/journal-1.jsonl", "journal-4.jsonl", "owner.json", "users.json"].sort(),
  );
  for (const text of files.values()) expect(text).not.toMatch(/hash-[12]-/);
  expect(files.get("users.json")).toContain("hash-3-");
  expect(files.get("audit/journal-1.jsonl")).not.toContain("hash-3-");
  expect((await stat(join(directory, "audit"))).mode & 0o777).toBe(0o700);
  expect((await stat(join(directory, "audit", "journal-1.jsonl"))).mode & 0o777).toBe(0o600);

  await changePasswords(store, [4]);
  expect(await seqsOf(store)).toEqual({ back: [1, 2, 3, 4], on: [1, 2, 3, 4] });
  await expectWholeChain(directory, store);
});

test("segments of a day are put together while they are small", async () => {
  const directory = await temporaryDirectory();
  let now = DAY;
  const store = await open({ directory, now: () => now, io: unsyncedFiles });
  const sealed = () => readdir(join(directory, "audit"));
  for (const number of [1, 2, 3]) {
    await changePasswords(store, [number]);
    await store.snapshot();
  }
  expect(await sealed()).toEqual(["journal-1.jsonl"]);
  now += 25 * 3_600_000;
  await changePasswords(store, [4]);
  await store.snapshot();
  expect(await sealed()).toEqual(["journal-1.jsonl", "journal-4.jsonl"]);
  await addUser(store, user("long", { fullName: "x".repeat(1_100_000) }));
  await store.snapshot();
  await changePasswords(store, [6]);
  await store.snapshot();
  expect(await sealed()).toEqual(["journal-1.jsonl", "journal-4.jsonl", "journal-6.jsonl"]);
  await expectWholeChain(directory, store);
  await store.close();
  expect(await seqsOf(await open({ directory }))).toEqual({ back: range(1, 6), on: range(1, 6) });
});

test("a process that dies at any step of sealing leaves every entry in its place, and the next one goes on", async () => {
  for (let steps = 0; ; steps += 1) {
    const directory = await temporaryDirectory();
    let armed = false;
    let taken = 0;
    const io = interceptedFiles(() => {
      if (!armed) return undefined;
      taken += 1;
      if (taken > steps) throw systemError("EIO");
      return undefined;
    }, unsyncedFiles);
    const store = await openJsonStore({ directory, io });
    await changePasswords(store, [1, 2]);
    await store.snapshot();
    await changePasswords(store, [3, 4]);
    armed = true;
    await store.snapshot().catch(() => {});
    await store.close();

    const again = await open({ directory, io: unsyncedFiles });
    expect(await seqsOf(again)).toEqual({ back: range(1, 4), on: range(1, 4) });
    await changePasswords(again, [5]);
    await again.snapshot();
    expect(await seqsOf(again)).toEqual({ back: range(1, 5), on: range(1, 5) });
    await expectWholeChain(directory, again);
    for (const [name, text] of await contents(directory)) {
      expect(text).not.toMatch(/hash-[1-4]-/);
      expect(name).not.toMatch(/tmp$/);
    }
    await again.close();
    if (taken <= steps) break;
  }
}, 60_000);

test("what was left unsealed is sealed after the next start", async () => {
  const directory = await temporaryDirectory();
  let broken = false;
  const io = interceptedFiles((operation, path) => {
    if (broken && operation === "rename" && path.includes("audit")) throw systemError("ENOSPC");
    return undefined;
  });
  const { log, errors } = rememberingLog();
  const store = await open({ directory, io, log });
  await changePasswords(store, [1, 2]);
  broken = true;
  await store.close();
  expect(errors).toEqual(["ENOSPC: injected"]);
  expect((await contents(directory)).get("journal-1.jsonl")).toContain("hash-1-");

  const again = await open({ directory });
  await expect.poll(() => readdir(join(directory, "audit"))).toEqual(["journal-1.jsonl"]);
  expect(await seqsOf(again)).toEqual({ back: [1, 2], on: [1, 2] });
  await again.close();
  expect([...(await contents(directory)).values()].join()).not.toContain("hash-1-");
});

test.each(["rename", "sync of the directory"])(
  "no segment is sealed before its snapshot is on disk: not when the %s fails",
  async (failing) => {
    const directory = await temporaryDirectory();
    let armed = false;
    let renamed = false;
    const io = interceptedFiles((operation, path) => {
      if (!armed) return undefined;
      if (operation === "rename" && path.endsWith("users.json")) renamed = true;
      const fails =
        failing === "rename" ? operation === "rename" : operation === "sync" && path === directory;
      if (renamed && fails) throw systemError("EIO");
      return undefined;
    });
    const store = await open({ directory, io });
    await changePasswords(store, [1, 2]);
    armed = true;
    await expect(store.snapshot()).rejects.toThrow("EIO");
    expect(await readdir(directory)).toContain("journal-1.jsonl");
    expect(await readdir(directory)).not.toContain("audit");
    armed = false;
    await store.snapshot();
    expect(await readdir(join(directory, "audit"))).toEqual(["journal-1.jsonl"]);
  },
);

test("a damaged segment is not sealed: it stays as it is, and the log says where", async () => {
  const directory = await temporaryDirectory();
  const { log, errors } = rememberingLog();
  const store = await open({ directory, log });
  await changePasswords(store, [1, 2, 3]);
  const path = join(directory, "journal-1.jsonl");
  const damaged = (await readFile(path, "utf8")).replace("hash-2-", "hash-x-");
  await writeFile(path, damaged);
  await store.snapshot();
  expect(errors).toEqual([expect.stringContaining("journal-1.jsonl, line 2: its hash does not match")]);
  expect(await readFile(path, "utf8")).toBe(damaged.replace(/\0+$/, ""));
  expect(await readdir(join(directory, "audit"))).toEqual([]);
});

test("a segment that lost its last line is not sealed", async () => {
  const directory = await temporaryDirectory();
  const { log, errors } = rememberingLog();
  const store = await open({ directory, log });
  await changePasswords(store, [1, 2, 3]);
  const path = join(directory, "journal-1.jsonl");
  const lines = (await readFile(path, "utf8")).split("\n");
  await writeFile(path, `${lines.slice(0, 2).join("\n")}\n`);
  await store.snapshot();
  expect(errors).toEqual([expect.stringContaining("the last line is not the one of position 3")]);
  expect(await readdir(directory)).toContain("journal-1.jsonl");
});

test("neither changes nor the audit nor events wait for sealing, and nothing is missed or told twice meanwhile", async () => {
  const directory = await temporaryDirectory();
  const halts: { at: string; pass: () => void }[] = [];
  let halting = false;
  const io = interceptedFiles(async (operation, path) => {
    const isReading = operation === "open" && path.endsWith(".jsonl");
    const isSealing =
      (path.includes("audit") && !isReading) || (operation === "unlink" && path.includes("journal-"));
    if (halting && isSealing) await new Promise<void>((pass) => halts.push({ at: operation, pass }));
    return undefined;
  });
  const store = await open({ directory, io });
  await changePasswords(store, [1, 2]);
  await store.snapshot();
  await changePasswords(store, [3]);
  halting = true;
  let ended = false;
  const snapshot = store.snapshot().then(() => {
    ended = true;
  });
  let last = 3;
  const met: string[] = [];
  while (!ended) {
    await expect.poll(() => ended || halts.length > 0, { interval: 1 }).toBe(true);
    const halt = halts.shift();
    if (!halt) continue;
    met.push(halt.at);
    halting = false;
    last += 1;
    await changePasswords(store, [last]);
    expect(await seqsOf(store)).toEqual({ back: range(1, last), on: range(1, last) });
    halting = true;
    halt.pass();
  }
  halting = false;
  await snapshot;
  expect(new Set(met)).toEqual(new Set(["open", "write", "sync", "rename", "unlink"]));
  await expectWholeChain(directory, store);
});

test("a segment that is sealed between being found and being opened is read where it is then", async () => {
  const directory = await temporaryDirectory();
  let sealFirst = async (): Promise<void> => {};
  const io = interceptedFiles(async (operation, path) => {
    if (operation !== "open" || path !== join(directory, "journal-1.jsonl")) return undefined;
    const seal = sealFirst;
    sealFirst = async () => {};
    await seal();
    return undefined;
  });
  const store = await open({ directory, io });
  await changePasswords(store, [1, 2, 3]);
  sealFirst = () => store.snapshot();
  expect(await seqsOf(store)).toEqual({ back: [1, 2, 3], on: [1, 2, 3] });
  expect(await readdir(join(directory, "audit"))).toEqual(["journal-1.jsonl"]);
});

test("a stop does not wait until all is sealed", async () => {
  const directory = await temporaryDirectory();
  const io = interceptedFiles(async (operation, path) => {
    // A disk that takes so long for each slice.
    if (operation === "write" && path.includes("audit")) await vi.advanceTimersByTimeAsync(1500);
    return undefined;
  });
  const store = await open({ directory, io });
  await Promise.all(range(1, 500).map((id) => addUser(store, user(`${id}`))));
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  await store.close();
  expect(await readdir(directory)).toContain("journal-1.jsonl");
  expect(await readdir(join(directory, "audit"))).toEqual([]);
  vi.useRealTimers();
  const again = await open({ directory });
  await expect.poll(() => readdir(directory)).not.toContain("journal-1.jsonl");
  expect(await again.countUsers()).toBe(500);
});

test("sealed files that others may read are refused with the command that mends them", async () => {
  const directory = await temporaryDirectory();
  await (await open({ directory })).close();
  const path = join(directory, "audit");
  await mkdir(path, { mode: 0o700 });
  await writeFile(join(path, "journal-1.jsonl"), "", { mode: 0o644 });
  await expect(open({ directory })).rejects.toThrow(`chmod 0600 '${join(path, "journal-1.jsonl")}'`);
});
