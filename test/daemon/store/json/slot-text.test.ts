import fc from "fast-check";
import { expect, test } from "vitest";
import { Rows } from "../../../../daemon/store/json/rows.ts";
import { SlotText } from "../../../../daemon/store/json/slot-text.ts";
import { advance } from "./fixtures.ts";

/** More than one block of bits holds; most of them are there to be in the way. */
const SLOTS = 3000;
const letters = ["a", "b", "A", " ", ".", "é", "e\u0301", "İ", "ß", "井", "Ā", "ā", "😀", "\ud83d", "\udd00"];
const textOf = (...units: string[]) =>
  fc.oneof(
    fc.string({ unit: fc.constantFrom(...units), maxLength: 6 }),
    fc.string({ unit: "binary", maxLength: 3 }),
  );
/** Names are of one line; what is sought may be anything. */
const name = textOf(...letters).map((one) => one.replaceAll("\n", ""));
const sought = textOf(...letters, "\n").filter((one) => one !== "");
const slot = fc.oneof(
  fc.constantFrom(0, 31, 32, 1023, 1024, 2047, 2048, SLOTS - 1),
  fc.integer({ min: 0, max: SLOTS - 1 }),
);
interface Row {
  id: string;
  username: string;
  fullName: string;
}
const step = fc.record({ slot, username: name, fullName: name });

const fold = (one: string): string => one.normalize("NFC").toLowerCase();

test("a text finds those whose username or full name contains it, and nobody else, whatever was changed before", () => {
  const property = fc.property(
    fc.array(step, { maxLength: 40 }),
    fc.array(sought, { minLength: 1, maxLength: 8 }),
    fc.nat({ max: 40 }),
    fc.oneof(fc.nat({ max: SLOTS }), fc.constant(SLOTS + 1)),
    (steps, searches, early, indexed) => {
      const texts = new Map<number, string[]>();
      const rows = new Rows<Row>([]);
      for (let at = 0; at < SLOTS; at += 1) rows.add({ id: `${at}`, username: "-", fullName: "=" });
      const change = ({ slot, username, fullName }: (typeof steps)[number], held?: SlotText<Row>) => {
        const row = { id: `${slot}`, username: fold(username), fullName: fold(fullName) };
        rows.replace(slot, row);
        held?.put(slot, row);
        texts.set(slot, [username, fullName]);
      };
      for (const one of steps.slice(0, early)) change(one);
      const held = new SlotText(rows, ({ username, fullName }: Row) => [username, fullName]);
      advance([held.work], indexed);
      for (const one of steps.slice(early)) change(one, held);
      for (const one of searches) {
        const marks = new Uint8Array(SLOTS);
        held.mark(one, marks);
        const found = [...marks.entries()].filter(([, mark]) => mark === 1).map(([at]) => at);
        const expected = [...texts].filter(([, both]) => both.some((held) => fold(held).includes(fold(one))));
        expect(found).toEqual(expected.map(([at]) => at).sort((a, b) => a - b));
      }
    },
  );
  fc.assert(property, { numRuns: 150 });
});
