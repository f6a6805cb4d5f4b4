import { expect, test } from "vitest";
import { textKey } from "../../tui/terminal/input-events.ts";
import { TypeAhead } from "../../tui/type-ahead.tsx";

function open() {
  const heard: string[] = [];
  const typeAhead = new TypeAhead(() => {});
  typeAhead.subscribe((event) => heard.push(event.kind === "key" ? (event.text ?? "") : event.text));
  const type = (text: string) => {
    for (const letter of text) typeAhead.hear(textKey(letter));
  };
  return { typeAhead, type, heard };
}

test("a key that comes while earlier ones are still delivered comes after them", () => {
  const { typeAhead, type, heard } = open();
  const release = typeAhead.hold();
  type("ab");
  release();
  typeAhead.next();
  type("c");
  expect(heard).toEqual(["a"]);
  typeAhead.next();
  typeAhead.next();
  type("d");
  expect(heard).toEqual(["a", "b", "c", "d"]);
});

test("keys wait until everything that holds them has let go", () => {
  const { typeAhead, type, heard } = open();
  const [one, other] = [typeAhead.hold(), typeAhead.hold()];
  type("a");
  one();
  typeAhead.next();
  expect(heard).toEqual([]);
  other();
  typeAhead.next();
  expect(heard).toEqual(["a"]);
});
