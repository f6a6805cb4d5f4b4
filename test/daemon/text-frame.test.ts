import { expect, test } from "vitest";
import { textFrame } from "../../daemon/text-frame.ts";
import { openPair } from "./connection-pair.ts";

/** Around each length from which a frame's header is another one; two are for the quotes of JSON. */
const ascii = [0, 1, 125, 126, 127, 65_535, 65_536, 70_000].map((bytes) =>
  "x".repeat(Math.max(0, bytes - 2)),
);
const others = ["ü€😀".repeat(14), "é".repeat(40_000)];

test("texts of any length come as they were sent, one after the other", async () => {
  const { client, connection } = await openPair();
  for (const text of [...ascii, ...others]) connection.sendEvent(textFrame(JSON.stringify(text)));
  for (const text of [...ascii, ...others]) expect(await client.next<string>()).toBe(text);
});
