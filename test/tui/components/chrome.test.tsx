import stringWidth from "string-width";
import { describe, expect, it, vi } from "vitest";
import { Banner } from "../../../tui/components/banner.tsx";
import { Footer } from "../../../tui/components/footer.tsx";
import { Header } from "../../../tui/components/header.tsx";
import { Help } from "../../../tui/components/help.tsx";
import { Notice } from "../../../tui/components/notice.tsx";
import { helpRows } from "../../../tui/keymap.ts";
import { show } from "./harness.tsx";

describe("the header", () => {
  it.each([80, 60, 30])("says where, whom and how in %i cells, whatever the names", (width) => {
    const path = ["Users", "王小明".repeat(20), "Keys"];
    const line = show(
      <Header
        path={path}
        target="wss://roster.example.com:7070"
        user="ada"
        connection="stale"
        width={width}
      />,
    ).lines()[0];
    expect(stringWidth(line ?? "")).toBeLessThanOrEqual(width);
    expect(line).toMatch(/^Users.*ada.*● stale$/);
  });
});

describe("the footer", () => {
  it("shows the keys that work now, and as many as there is room for", () => {
    expect(show(<Footer bindings={["open", "filter"]} width={80} />).frame()).toBe("Enter open  / filter");
    expect(show(<Footer bindings={["open", "filter"]} width={15} />).frame()).toBe("Enter open");
  });

  it("keeps the place of what leads to everything else", () => {
    const bindings = ["open", "filter", "help", "sort", "refresh"] as const;
    expect(show(<Footer bindings={bindings} width={80} />).frame()).toBe(
      "Enter open  / filter  s sort  r read again  : go to  ? help",
    );
    expect(show(<Footer bindings={bindings} width={30} />).frame()).toBe("Enter open  : go to  ? help");
  });
});

describe("a banner and a notice", () => {
  it("take one line each, cut to the width", () => {
    expect(show(<Banner text={"lost ".repeat(50)} width={40} />).lines()).toHaveLength(1);
    expect(show(<Notice notice={{ text: "Copied", tone: "good" }} width={40} />).frame()).toBe("Copied");
    expect(show(<Notice notice={undefined} width={40} />).lines()).toEqual([""]);
  });
});

describe("help", () => {
  it("lists the bindings, searches in them, scrolls and closes", () => {
    const onClose = vi.fn();
    const help = show(<Help rows={helpRows()} width={80} height={10} onClose={onClose} />);
    expect(help.frame()).toContain(helpRows()[0]?.help);
    help.press("pageDown");
    help.press("pageDown");
    expect(help.frame()).not.toContain(helpRows()[0]?.help);
    help.type("draw everywhere");
    expect(help.lines().filter((line) => line.includes("Ctrl-L"))).toHaveLength(1);
    expect(help.frame()).not.toContain("Ctrl-Z");
    help.press("escape");
    expect(onClose).toHaveBeenCalledOnce();
  });
});
