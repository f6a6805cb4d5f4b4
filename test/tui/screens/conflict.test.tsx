import { expect, test, vi } from "vitest";
import { Conflict, differingLines } from "../../../tui/screens/conflict.tsx";
import { show } from "../components/harness.tsx";

function showConflict(height = 20, count = 2) {
  const chosen = { onKeepMine: vi.fn(), onTakeTheirs: vi.fn(), onGoOn: vi.fn() };
  const differences = Array.from({ length: count }, (_, row) => ({
    label: `Field ${row + 1}`,
    mine: `mine ${row + 1}`,
    theirs: `\u001B[31mtheirs ${row + 1}`,
  }));
  const shown = show(
    <Conflict
      subject="grace"
      differences={differences}
      keepMine="Save mine"
      width={80}
      height={height}
      {...chosen}
    />,
  );
  return { ...shown, ...chosen };
}

test("both versions stand side by side, and Enter at once only goes on editing", () => {
  const dialog = showConflict();
  expect(dialog.frame()).toContain("Somebody changed grace meanwhile. Nothing is saved yet.");
  expect(dialog.frame()).toMatch(/Field 2\s+mine 2\s+␛\[31mtheirs 2/);
  dialog.press("enter");
  expect(dialog.onGoOn).toHaveBeenCalledOnce();
  expect(dialog.onKeepMine).not.toHaveBeenCalled();
});

test("mine or theirs is taken on purpose; Esc goes on editing", () => {
  const dialog = showConflict();
  dialog.press("down");
  dialog.press("enter");
  expect(dialog.onKeepMine).toHaveBeenCalledOnce();
  dialog.press("down");
  dialog.press("enter");
  expect(dialog.onTakeTheirs).toHaveBeenCalledOnce();
  dialog.press("escape");
  expect(dialog.onGoOn).toHaveBeenCalledOnce();
});

test("what does not fit is counted", () => {
  const dialog = showConflict(12, 30);
  expect(dialog.lines().length).toBeLessThanOrEqual(12);
  expect(dialog.frame()).toContain("… and 27 more");
});

test("of two texts only the lines that differ are compared", () => {
  expect(differingLines("a\nb\nc", "a\nd\nc\ne")).toEqual([
    { label: "", mine: "b", theirs: "d" },
    { label: "", mine: "", theirs: "e" },
  ]);
});
