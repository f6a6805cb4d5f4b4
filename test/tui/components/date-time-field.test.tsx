import { useState } from "react";
import { expect, it } from "vitest";
import { DateTimeField } from "../../../tui/components/date-time-field.tsx";
import { show } from "./harness.tsx";

function Field({ width = 60 }: { width?: number }) {
  const [value, setValue] = useState("");
  return (
    <DateTimeField value={value} onChange={setValue} focused width={width} day="end" placeholder="never" />
  );
}

it("is typed, and says beside it what is sent in UTC", () => {
  const shown = show(<Field />);
  expect(shown.frame()).toContain("never");
  shown.type("2027-01-31 14:30");
  const utc = new Date(2027, 0, 31, 14, 30).toISOString().slice(0, 16).replace("T", " ");
  expect(shown.frame()).toContain(`= ${utc} UTC`);
  expect(shown.frame()).not.toContain("never");
});

it("is stepped where the cursor stands", () => {
  const shown = show(<Field />);
  shown.type("2027-01-31 14:30");
  shown.press("pageDown");
  expect(shown.frame()).toContain("2027-01-31 14:25");
  shown.press("left", { ctrl: true });
  shown.press("left");
  shown.press("up", { ctrl: true });
  expect(shown.frame()).toContain("2027-01-31 15:25");
});

it("takes hostile text as text", () => {
  const shown = show(<Field width={30} />);
  shown.paste("\u001B[2J\u202E2027");
  expect(shown.frame()).not.toContain("\u202E");
  expect(shown.lines()[0]?.length).toBeLessThanOrEqual(30);
});
