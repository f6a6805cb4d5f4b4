import { Text } from "ink";
import { useState } from "react";
import { describe, expect, it } from "vitest";
import { KeyScope, useKeys } from "../../../tui/terminal/keys.tsx";
import { show } from "../components/harness.tsx";

interface LayerProps {
  readonly name: string;
  readonly heard: string[];
  /** The keys it uses up; the others go on. */
  readonly takes: string;
  readonly active?: boolean;
  readonly children?: React.ReactNode;
}

function Layer({ name, heard, takes, active = true, children }: LayerProps) {
  useKeys(
    (event) => {
      heard.push(`${name}:${event.text}`);
      return takes.includes(event.text ?? "");
    },
    { active },
  );
  return <>{children ?? <Text>{name}</Text>}</>;
}

describe("a key", () => {
  it("goes to the innermost first, and on to the next only when it is left over", () => {
    const heard: string[] = [];
    const app = show(
      <Layer name="app" takes="" heard={heard}>
        <Layer name="screen" takes="b" heard={heard}>
          <Layer name="field" takes="a" heard={heard} />
        </Layer>
      </Layer>,
    );
    app.type("abc");
    expect(heard).toEqual(["field:a", "field:b", "screen:b", "field:c", "screen:c", "app:c"]);
  });

  it("goes to a dialog that was opened over the screen, and back to the screen afterwards", () => {
    const heard: string[] = [];
    function Screen() {
      const [open, setOpen] = useState(false);
      useKeys((event) => {
        heard.push(`screen:${event.text}`);
        setOpen(event.text === "o");
        return true;
      });
      return open ? <Layer name="dialog" takes="xy" heard={heard} /> : <Text>screen</Text>;
    }
    const app = show(<Screen />);
    app.type("oxcx");
    expect(heard).toEqual(["screen:o", "dialog:x", "dialog:c", "screen:c", "screen:x"]);
  });

  it("passes over what is not active, and everything in a silent scope", () => {
    const heard: string[] = [];
    const app = show(
      <Layer name="app" takes="" heard={heard}>
        <KeyScope active={false}>
          <Layer name="behind" takes="a" heard={heard} />
        </KeyScope>
        <Layer name="resting" takes="a" heard={heard} active={false} />
      </Layer>,
    );
    app.type("a");
    expect(heard).toEqual(["app:a"]);
  });
});
