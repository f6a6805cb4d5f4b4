import { describe, expect, test } from "vitest";
import { isAnswered } from "./list-user.ts";

const size = { columns: 80, rows: 24 };

describe("a list waits for an answer", () => {
  test.each([
    ["while its count is to come", ["Filter: mia      …", "  Owner", "› mia"]],
    ["while the selected row is to come", ["   100,000 keys", "  Owner", ""]],
    ["while there is nothing of it yet", [""]],
    [
      "while the audit looks further for what would fill two screens",
      ["   36 shown, older ones below", "  When", "› 11-26"],
    ],
    [
      "while the audit has found nothing so far",
      ["   0 shown, older ones below", "  When", "  Nothing matches."],
    ],
  ])("%s", (_, body) => {
    expect(isAnswered(screenOf("Keys", body), size)).toBe(false);
  });
});

describe("a list waits for nothing more", () => {
  test.each([
    ["with its count and a selected row", "Keys", ["   100,000 keys", "  Owner", "› mia"]],
    ["with a cell that was cut", "Keys", ["   100,000 keys", "  Owner", "› mia of the exa…"]],
    ["with nothing that matches", "Keys", ["   0 found", "  Owner", "  Nothing matches."]],
    ["with two screens of the audit", "Audit", ["   37 shown, older ones below", "  When", "› 11-26"]],
    [
      "with a thousand entries of the audit",
      "Audit",
      ["   1,000 shown, older ones below", "  When", "› 11-26"],
    ],
    ["over the screen", "Go to", [": key…", "", "Nothing here has that name"]],
  ])("%s", (_, title, body) => {
    expect(isAnswered(screenOf(title, body), size)).toBe(true);
  });
});

/** Below the title and a blank line. */
function screenOf(title: string, body: readonly string[]): string {
  return [title, "", ...body].join("\n");
}
