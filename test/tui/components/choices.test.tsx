import { useState } from "react";
import { describe, expect, it } from "vitest";
import { MultiSelect } from "../../../tui/components/multi-select.tsx";
import { Select } from "../../../tui/components/select.tsx";
import { Tabs } from "../../../tui/components/tabs.tsx";
import { show } from "./harness.tsx";

const options = ["none", "hour", "day"].map((value) => ({ value, label: `${value} long` }));

function Grace({ width = 60 }: { width?: number }) {
  const [value, setValue] = useState("none");
  return <Select options={options} value={value} onChange={setValue} focused width={width} />;
}

function Roles() {
  const [values, setValues] = useState<readonly string[]>(["day"]);
  return <MultiSelect options={options} values={values} onChange={setValues} focused width={30} height={2} />;
}

function Pages() {
  const [current, setCurrent] = useState("profile");
  const tabs = ["profile", "keys", "settings"].map((id) => ({ id, label: id }));
  return <Tabs tabs={tabs} current={current} onChange={setCurrent} />;
}

describe("choosing one", () => {
  it("goes round with Right, Space and Left", () => {
    const select = show(<Grace />);
    expect(select.frame()).toContain("(•) none long");
    select.press("right");
    expect(select.frame()).toContain("(•) hour long");
    select.type("  ");
    expect(select.frame()).toContain("(•) none long");
    select.press("left");
    expect(select.frame()).toContain("(•) day long");
  });

  it("shows only the choice where there is no room for all", () => {
    const select = show(<Grace width={20} />);
    expect(select.lines()[0]).toBe("‹ none long › 1/3");
  });
});

describe("choosing some", () => {
  it("marks with Space, keeps the row in sight and counts what is out of it", () => {
    const list = show(<Roles />);
    list.type(" ");
    expect(list.lines()).toEqual(["›[x] none long", " [ ] hour long", " 2 of 3 marked"]);
    list.press("down");
    list.press("down");
    list.press("down");
    list.type(" ");
    expect(list.lines()).toEqual([" [ ] hour long", "›[ ] day long", " 1 of 3 marked"]);
  });
});

describe("tabs", () => {
  it("go round with Tab and Shift-Tab, and mark the current one without colour", () => {
    const tabs = show(<Pages />);
    expect(tabs.frame()).toContain("›profile");
    tabs.press("tab", { shift: true });
    expect(tabs.frame()).toContain("›settings");
    tabs.press("tab");
    tabs.press("tab");
    expect(tabs.frame()).toContain("›keys");
  });
});
