import { describe, expect, it, vi } from "vitest";
import { Confirm } from "../../../tui/components/confirm.tsx";
import { show } from "./harness.tsx";

function ask(typed?: string) {
  const onConfirm = vi.fn();
  const onCancel = vi.fn();
  const dialog = show(
    <Confirm
      question="Delete user ada?"
      consequences={["Her 2 keys stop working at once."]}
      deed="Delete"
      typed={typed}
      width={60}
      onConfirm={onConfirm}
      onCancel={onCancel}
    />,
  );
  return { dialog, onConfirm, onCancel };
}

describe("a confirmation", () => {
  it("names what will happen and has the focus on Cancel", () => {
    const { dialog } = ask();
    expect(dialog.frame()).toContain("Delete user ada?");
    expect(dialog.frame()).toContain("Her 2 keys stop working at once.");
    expect(dialog.frame()).toContain("›[ Cancel ]");
  });

  it("is not confirmed by the key that asked for it, nor by any letter", () => {
    const { dialog, onConfirm } = ask();
    dialog.type("dydxDY ");
    expect(onConfirm).not.toHaveBeenCalled();
  });

  it("is cancelled by Enter at first and by Esc", () => {
    const first = ask();
    first.dialog.press("enter");
    expect(first.onCancel).toHaveBeenCalledOnce();
    const second = ask();
    second.dialog.press("escape");
    expect(second.onCancel).toHaveBeenCalledOnce();
  });

  it("is confirmed by going to the button and pressing it", () => {
    const { dialog, onConfirm, onCancel } = ask();
    dialog.press("tab");
    expect(dialog.frame()).toContain("›[ Delete ]");
    dialog.press("enter");
    expect(onConfirm).toHaveBeenCalledOnce();
    expect(onCancel).not.toHaveBeenCalled();
  });

  it("may want the name typed first", () => {
    const { dialog, onConfirm } = ask("ada");
    dialog.type("ad");
    dialog.press("enter");
    expect(onConfirm).not.toHaveBeenCalled();
    dialog.type("a");
    dialog.press("enter");
    expect(onConfirm).toHaveBeenCalledOnce();
  });
});
