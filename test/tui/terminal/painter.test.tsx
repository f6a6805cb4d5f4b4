import { Box, type DOMElement, Static, Text } from "ink";
import { render } from "ink-testing-library";
import { createRef, type ReactNode } from "react";
import { expect, it, vi } from "vitest";

vi.hoisted(() => {
  process.env.FORCE_COLOR = "1";
});

import { parseRow } from "../../../tui/terminal/cells.ts";
import { paint } from "../../../tui/terminal/painter.ts";

/** As wide as ink-testing-library's terminal. */
const COLUMNS = 100;

/** What the painter and what Ink make of a tree. */
function drawn(element: ReactNode) {
  const box = createRef<DOMElement>();
  const ink = render(
    <Box ref={box} flexDirection="column" width={COLUMNS}>
      {element}
    </Box>,
  );
  const root = box.current?.parentNode;
  if (!root) throw new Error("Ink has no root any more");
  const frames = { ours: paint(root), inks: ink.lastFrame() ?? "" };
  ink.unmount();
  return frames;
}

function cellsOf(frame: string) {
  return frame.split("\n").map((line) => parseRow(line, COLUMNS).cells);
}

it.each([
  ["a text", <Text key="a">Ada</Text>],
  [
    "coloured texts within texts",
    <Text key="a" italic>
      a<Text color="cyan">b{""}</Text>
      <Text dimColor inverse>
        c<Text underline>d</Text>
      </Text>{" "}
      <Text backgroundColor="red"> </Text>
    </Text>,
  ],
  [
    "lines in a text",
    <Text key="a" color="green">
      {"one\n\nthree"}
    </Text>,
  ],
  [
    "texts side by side, with wide characters, marks and emoji",
    <Box key="a" gap={2}>
      <Text>漢字</Text>
      <Text inverse>👩‍🔬 e&#x301;</Text>
      <Text>Zoë</Text>
    </Box>,
  ],
  [
    "a bordered box with margins and another in it",
    <Box key="a" borderStyle="round" paddingX={1} marginLeft={3} width={30} flexDirection="column">
      <Text>漢字</Text>
      <Box borderStyle="round" marginLeft={2}>
        <Text color="red">within</Text>
      </Box>
    </Box>,
  ],
  [
    "what a box hides of its content",
    <Box key="a" flexDirection="column">
      <Text>above</Text>
      <Box overflow="hidden" height={2} flexDirection="column">
        <Box flexDirection="column" flexShrink={0} marginTop={-1} borderStyle="round">
          <Text>{"one\ntwo"}</Text>
        </Box>
      </Box>
      <Text>below</Text>
    </Box>,
  ],
  [
    "a box that is not displayed",
    <Box key="a" flexDirection="column">
      <Box display="none">
        <Text>unseen</Text>
      </Box>
      <Text>seen</Text>
    </Box>,
  ],
])("the painter draws %s, cell by cell, as Ink does", (_what, element) => {
  const { ours, inks } = drawn(element);
  expect(cellsOf(ours ?? "not at all")).toEqual(cellsOf(inks));
});

it.each([
  ["a text that has to be wrapped", <Text key="a">{"word ".repeat(30)}</Text>],
  [
    "a text that has to be cut",
    <Text key="a" wrap="truncate">
      {"x".repeat(COLUMNS + 1)}
    </Text>,
  ],
  ["a control character", <Text key="a">{"a\tb"}</Text>],
  [
    "a background",
    <Box key="a" backgroundColor="red">
      <Text>red</Text>
    </Box>,
  ],
  [
    "another border",
    <Box key="a" borderStyle="double">
      <Text>double</Text>
    </Box>,
  ],
  [
    "a coloured border",
    <Box key="a" borderStyle="round" borderColor="red">
      <Text>red</Text>
    </Box>,
  ],
  [
    "texts over one another",
    <Box key="a">
      <Text>under</Text>
      <Box marginLeft={-3}>
        <Text>over</Text>
      </Box>
    </Box>,
  ],
  [
    "a text that a box hides in part",
    <Box key="a" overflow="hidden" width={4}>
      <Box width={10} flexShrink={0}>
        <Text>long text</Text>
      </Box>
    </Box>,
  ],
  [
    "a box that hides only what is below it",
    <Box key="a" overflowY="hidden" height={1}>
      <Text>one</Text>
    </Box>,
  ],
  [
    "what is printed once and for all",
    <Static key="a" items={["once"]}>
      {(item) => <Text key={item}>{item}</Text>}
    </Static>,
  ],
])("the painter leaves %s to Ink", (_what, element) => {
  expect(drawn(element).ours).toBeUndefined();
});
