import { expect, it } from "vitest";
import { grouped } from "../../tui/grouped.ts";

it.each([0, 7, 999, 1000, 12_345, 100_000, 1_234_567])("%i is written as English writes it", (count) => {
  expect(grouped(count)).toBe(count.toLocaleString("en"));
});
