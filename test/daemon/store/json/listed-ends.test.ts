import { expect, test } from "vitest";
import { finish } from "../../../../daemon/store/json/idle-work.ts";
import { ListedEnds } from "../../../../daemon/store/json/listed-ends.ts";
import { Rows } from "../../../../daemon/store/json/rows.ts";
import { type Row, rowOf } from "../../../../daemon/store/json/user-rows.ts";
import type { UserRecord } from "../../../../daemon/store/records.ts";
import { user } from "./fixtures.ts";

const [monday, tuesday, wednesday] = [
  "2026-01-05T00:00:00.000Z",
  "2026-01-06T00:00:00.000Z",
  "2026-01-07T00:00:00.000Z",
];

/** The users are at slots 0, 1, 2, … */
function keep(...users: Partial<UserRecord>[]) {
  const rows = new Rows<Row>(users.map((over, slot) => rowOf(user(`${slot}`, over))).values());
  const ends = new ListedEnds(rows);
  for (const [slot, over] of users.entries()) ends.put(user(`${slot}`, over));
  finish(rows);
  const change = (slot: number, over: Partial<UserRecord>) => {
    ends.put(user(`${slot}`, over));
    rows.replace(slot, rowOf(user(`${slot}`, over)));
  };
  return { ends, change };
}

test("an end has come from its instant on until it is recorded", () => {
  const { ends, change } = keep({}, { validUntil: tuesday }, { validUntil: wednesday });
  expect(ends.haveCome(monday)).toBe(false);
  expect(ends.haveCome(tuesday)).toBe(true);
  expect(ends.haveCome(tuesday)).toBe(true);
  change(1, { validUntil: tuesday, expiredAt: tuesday });
  expect(ends.haveCome(tuesday)).toBe(false);
  expect(ends.haveCome(wednesday)).toBe(true);
});

test("an end may be brought forward and put off", () => {
  const { ends, change } = keep({});
  expect(ends.haveCome(wednesday)).toBe(false);
  change(0, { validUntil: tuesday });
  expect(ends.haveCome(tuesday)).toBe(true);
  change(0, { validUntil: wednesday });
  expect(ends.haveCome(tuesday)).toBe(false);
});

test("ends of those who are not on the board do not count", () => {
  const end = { validUntil: monday };
  const { ends } = keep(
    { ...end, presence: false },
    { ...end, active: false },
    { ...end, deletedAt: monday },
  );
  expect(ends.haveCome(tuesday)).toBe(false);
});
