import { Box, Text } from "ink";
import { useState } from "react";
import type { ApiKey, Result } from "../../protocol/index.ts";
import { useNavigation } from "../navigation.ts";
import { cut } from "../terminal/safe-text.ts";
import { useTheme } from "../theme.ts";
import { useAction } from "../use-action.ts";
import { useNow } from "../use-now.ts";
import { useSession } from "../use-session.ts";
import { Frame, useBody } from "./frame.tsx";
import { usageText } from "./key-columns.ts";
import { Menu } from "./menu.tsx";
import { instant } from "./times.ts";

const HOUR = 3600;

/** How long the old key works on, in seconds. */
export const graces = [
  { value: "0", label: "Not at all: the old key stops now" },
  { value: `${HOUR}`, label: "1 hour" },
  { value: `${24 * HOUR}`, label: "24 hours" },
  { value: `${7 * 24 * HOUR}`, label: "7 days" },
] as const;

export type Grace = (typeof graces)[number]["value"];

export const DAY: Grace = "86400";

export interface ChooseGraceProps {
  readonly apiKey: ApiKey;
  readonly path: readonly string[];
  onRotated(result: Result<"keys.rotate">): void;
}

/** Which key is rotated, how long the old one works on, and what will happen. */
export function ChooseGrace({ apiKey, path, onRotated }: ChooseGraceProps) {
  const session = useSession();
  const navigation = useNavigation();
  const theme = useTheme();
  const now = useNow(null);
  const { columns } = useBody();
  const action = useAction();
  const [grace, setGrace] = useState<Grace>(DAY);

  const rotate = (chosen: Grace) =>
    void action.run(async () => {
      onRotated(await session.call("keys.rotate", { id: apiKey.id, graceSeconds: Number(chosen) }));
    });

  return (
    <Frame
      path={path}
      bindings={["rotateNow", "down", "up", "cancel"]}
      notice={action.error ? { text: action.error.message, tone: "danger" } : undefined}
    >
      <Text {...theme.accent}>{cut(`${apiKey.name} of ${apiKey.username} (${apiKey.hint}…)`, columns)}</Text>
      <Text>{cut(usageText(apiKey, now), columns)}</Text>
      <Box marginTop={1}>
        <Text>How long may the old key go on working?</Text>
      </Box>
      <Menu
        items={graces}
        initial={DAY}
        width={columns}
        onMove={(value) => setGrace(value)}
        onChoose={rotate}
        onCancel={navigation.back}
      />
      <Box marginTop={1} flexDirection="column">
        <Text {...theme.muted}>What will happen:</Text>
        {consequences(apiKey, Number(grace), now).map((line) => (
          <Text key={line}>{cut(`- ${line}`, columns)}</Text>
        ))}
      </Box>
    </Frame>
  );
}

function consequences({ openConnections, expiresAt }: ApiKey, graceSeconds: number, now: number): string[] {
  const lines = ["A new key with the same permissions is made; its secret is shown once."];
  if (graceSeconds === 0) {
    const open = openConnections === 1 ? "1 open connection" : `${openConnections} open connections`;
    return [...lines, `The old key stops working at once and loses its ${open}.`];
  }
  const asked = now + graceSeconds * 1000;
  const end = expiresAt === null ? asked : Math.min(asked, Date.parse(expiresAt));
  const at = instant(new Date(end).toISOString());
  return [
    ...lines,
    `Both keys work until ${at}; then the old one is refused.`,
    "You see here who still uses it.",
  ];
}
