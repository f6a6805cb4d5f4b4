import { describe, expect, it, vi } from "vitest";
import { Form, type FormField, firstShown } from "../../../tui/components/form.tsx";
import { show } from "./harness.tsx";

interface Values extends Record<string, string | readonly string[]> {
  name: string;
  password: string;
  grace: string;
  roles: readonly string[];
}

const fields: readonly FormField<Values>[] = [
  { name: "name", label: "User name", kind: "text" },
  { name: "password", label: "Password", kind: "text", masked: true },
  {
    name: "grace",
    label: "Grace",
    kind: "select",
    options: [
      { value: "0", label: "none" },
      { value: "1h", label: "an hour" },
    ],
  },
  {
    name: "roles",
    label: "Roles",
    kind: "multi-select",
    options: [
      { value: "admin", label: "admin" },
      { value: "member", label: "member" },
    ],
  },
];

const initial: Values = { name: "", password: "", grace: "0", roles: [] };

function form(problems?: Partial<Record<keyof Values, string>>) {
  const onSubmit = vi.fn();
  const onCancel = vi.fn();
  const shown = show(
    <Form
      fields={fields}
      initial={initial}
      problems={problems}
      width={70}
      onSubmit={onSubmit}
      onCancel={onCancel}
    />,
  );
  return { shown, onSubmit, onCancel };
}

describe("a form", () => {
  it("hands over what was typed and chosen in each field", () => {
    const { shown, onSubmit } = form();
    shown.type("ada q?");
    shown.press("tab");
    shown.type("secret");
    shown.press("tab");
    shown.press("right");
    shown.press("tab");
    shown.press("down");
    shown.type(" ");
    shown.press("enter");
    expect(onSubmit).toHaveBeenCalledExactlyOnceWith({
      name: "ada q?",
      password: "secret",
      grace: "1h",
      roles: ["member"],
    });
  });

  it("goes back with Shift-Tab and round at the ends", () => {
    const { shown, onSubmit } = form();
    shown.press("tab", { shift: true });
    shown.type(" ");
    shown.press("tab");
    shown.type("ada");
    shown.press("enter");
    expect(onSubmit).toHaveBeenCalledWith({ ...initial, name: "ada", roles: ["admin"] });
  });

  it("shows what is wrong beside the field", () => {
    const { shown } = form({ name: "ada is taken" });
    const at = shown.lines().findIndex((line) => line.includes("User name"));
    expect(shown.lines()[at + 1]).toContain("! ada is taken");
  });

  it("never shows a masked value", () => {
    const { shown } = form();
    shown.press("tab");
    shown.type("hunter2");
    expect(shown.frame()).not.toContain("hunter2");
    expect(shown.frame()).toContain("•••••••");
  });

  it("is left by Esc without saving", () => {
    const { shown, onSubmit, onCancel } = form();
    shown.type("x");
    shown.press("escape");
    expect(onCancel).toHaveBeenCalledOnce();
    expect(onSubmit).not.toHaveBeenCalled();
  });
});

describe("a form in fewer rows than it takes", () => {
  it("lets what is above the field with the focus give way", () => {
    const shown = show(
      <Form
        fields={fields}
        initial={initial}
        width={70}
        height={3}
        onSubmit={() => {}}
        onCancel={() => {}}
      />,
    );
    expect(shown.frame()).toContain("User name");
    for (let field = 0; field < 3; field++) shown.press("tab");
    expect(shown.frame()).not.toContain("User name");
    expect(shown.frame()).toMatch(/Grace.*\n.*Roles/);
    shown.press("tab");
    expect(shown.frame()).toContain("User name");
  });

  it.each([
    [0, 10, 0],
    [3, 10, 0],
    [3, 5, 2],
    [3, 1, 3],
  ])("with the focus on %i and %i rows begins with field %i", (focus, height, first) => {
    expect(firstShown([1, 2, 2, 3], focus, height)).toBe(first);
  });
});
