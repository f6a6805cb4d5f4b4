import { expect, test, vi } from "vitest";
import { BulkRunning, BulkSummary } from "../../../tui/screens/bulk-dialog.tsx";
import { show } from "../components/harness.tsx";

test("work under way shows how far it is; Esc asks it to stop, and no other key does anything", () => {
  const onStop = vi.fn();
  const running = { doing: "Disabling 40 users", total: 40, onStop };
  const shown = show(<BulkRunning {...running} tried={10} stopping={false} />, { columns: 60 });
  expect(shown.frame()).toContain("Disabling 40 users…");
  expect(shown.frame()).toMatch(/\[#+-+\] 10 of 40/);
  shown.type("qdx");
  shown.press("enter");
  expect(onStop).not.toHaveBeenCalled();
  shown.press("escape");
  expect(onStop).toHaveBeenCalledOnce();

  const stopping = show(<BulkRunning {...running} tried={11} stopping />, { columns: 60 });
  expect(stopping.frame()).toContain("Disabling 40 users, stopping…");
});

test("of what failed as much is shown as fits, the rest by moving; hostile reasons are text", () => {
  const onClose = vi.fn();
  const lines = Array.from({ length: 30 }, (_, index) => `user-${index + 1}: \u001B[2Jrefused`);
  const shown = show(<BulkSummary title="10 done; 30 failed" lines={lines} onClose={onClose} />, {
    rows: 24,
  });
  expect(shown.lines().length).toBeLessThanOrEqual(20);
  expect(shown.frame()).toContain("user-1: ␛[2Jrefused");
  expect(shown.frame()).toContain("… and 18 more below");
  shown.type("G");
  expect(shown.frame()).toContain("user-30: ");
  expect(shown.frame()).not.toContain("more below");
  shown.press("enter");
  expect(onClose).toHaveBeenCalledOnce();
});
