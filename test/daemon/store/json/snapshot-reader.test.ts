import { createHash } from "node:crypto";
import { mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SnapshotReader } from "../../../../daemon/store/json/snapshot-reader.ts";
import { user } from "./fixtures.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "roster-snapshot-"));
});
afterAll(() => rm(directory, { recursive: true }));

const header = `{"format":2,"epoch":"e","seq":1,"hash":"00","anchor":{"seq":0,"hash":"00"},\n`;
const users = ["Ada", "Zoë", "Bo"].map((fullName, index) => user(`${index}`, { fullName }));
const [ada, zoe, bo] = users.map((one) => JSON.stringify(one));
const records = `${ada},\n${zoe},\n${bo}\n`;

/** Reads a snapshot of these users' lines, with the checksum that belongs to it. */
async function read(lines: string | Buffer) {
  const content = Buffer.concat([
    Buffer.from(`${header}"users":[\n`),
    Buffer.from(lines),
    Buffer.from(`],\n"roles":[\n],\n`),
  ]);
  const checksum = createHash("sha256").update(content).digest("hex");
  const path = join(directory, "users.json");
  await writeFile(path, Buffer.concat([content, Buffer.from(`"checksum":"${checksum}"}\n`)]));
  const file = await open(path, "r");
  try {
    return await new SnapshotReader(path).read(file);
  } finally {
    await file.close();
  }
}

test("what was written is read, of characters of any width", async () => {
  const { seq, tables } = await read(records);
  expect(seq).toBe(1);
  expect(tables.view("users").all()).toEqual(users);
  expect(tables.view("users").byKey("name-1")).toEqual(users[1]);
});

const half = Buffer.from(records);
/** A byte of the ë is missing. */
const cutCharacter = Buffer.concat([
  half.subarray(0, half.indexOf("ë")),
  half.subarray(half.indexOf("ë") + 1),
]);

test.each<[string, string | Buffer, string]>([
  ["half a character", cutCharacter, "line 4: it is not valid UTF-8"],
  ["two records in a line", `${ada},${zoe},\n${bo}\n`, "line 3: it is not valid JSON"],
  ["a record in two lines", `${ada},\n{\n${zoe?.slice(1)},\n${bo}\n`, "line 4: it is not valid JSON"],
  ["no record", `${ada},\n5,\n${bo}\n`, "line 4: it is not valid JSON"],
  ["null for a record", `${ada},\nnull\n`, "line 4: it is not valid JSON"],
  ["a record cut off", `${ada},\n${zoe?.slice(0, -9)},\n${bo}\n`, "line 4: it is not valid JSON"],
])("%s is refused with its line, whatever the checksum says", async (_, lines, problem) => {
  await expect(read(lines)).rejects.toThrow(problem);
});
