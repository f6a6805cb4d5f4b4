import fc from "fast-check";
import { expect, test } from "vitest";
import { FilteredOrder, MarkedSlots } from "../../../../daemon/store/json/filtered-order.ts";
import { SortedSlots } from "../../../../daemon/store/json/sorted-slots.ts";

/** More than some blocks hold; the order is that of the slots backwards. */
const SLOTS = 3000;
const all = new SortedSlots([...Array(SLOTS).keys()].reverse(), (a, b) => b - a);

test("what passes is where filtering the whole order would put it, from whichever end and in whatever turn one asks", () => {
  const index = fc.oneof(fc.integer({ min: -2, max: SLOTS }), fc.constantFrom(0, 1, 2, 3));
  const few = fc.array(fc.nat(SLOTS - 1), { maxLength: 9 });
  const most = few.map((without) => [...Array(SLOTS).keys()].filter((slot) => !without.includes(slot)));
  const first = fc.array(fc.integer({ min: SLOTS - 9, max: SLOTS - 1 }), { maxLength: 9 });
  const property = fc.property(
    fc.oneof(few, most, first),
    fc.array(index),
    few,
    (passing, indexes, others) => {
      const marks = new Uint8Array(SLOTS);
      for (const slot of passing) marks[slot] = 1;
      const order = new FilteredOrder(all, new MarkedSlots(marks));
      const expected = [...new Set(passing)].sort((a, b) => b - a);
      expect(order.length).toBe(expected.length);
      for (const at of [...indexes, -1, order.length]) expect(order.at(at)).toBe(expected[at]);
      for (const slot of [...passing.slice(0, 5), ...others]) {
        expect(order.indexOf(slot)).toBe(expected.indexOf(slot));
      }
    },
  );
  fc.assert(property, { numRuns: 50 });
});
