import { Text } from "ink";
import { cut, width as textWidth } from "../terminal/safe-text.ts";
import { type Tone, useTheme } from "../theme.ts";

export interface HeaderProps {
  /** Where one is, from the root: `["Users", "ada", "Keys"]`. */
  readonly path: readonly string[];
  /** The daemon's address. */
  readonly target: string;
  /** As whom. */
  readonly user?: string;
  readonly connection: "live" | "stale" | "connecting" | "offline";
  readonly width: number;
}

const TONES: Readonly<Record<HeaderProps["connection"], Tone>> = {
  live: "good",
  stale: "warning",
  connecting: "warning",
  offline: "danger",
};

/** One line: where one is at the left; user, daemon and state of the connection at the right. */
export function Header({ path, target, user, connection, width }: HeaderProps) {
  const theme = useTheme();
  const state = `● ${connection}`;
  const who = cut(user === undefined ? target : `${user} @ ${target}`, Math.floor(width / 2) - state.length);
  const place = cut(path.join(" › "), width - textWidth(who) - state.length - 3);
  const gap = " ".repeat(Math.max(1, width - textWidth(place) - textWidth(who) - state.length - 2));
  return (
    <Text>
      <Text {...theme.accent}>{place}</Text>
      <Text {...theme.muted}>{`${gap}${who}  `}</Text>
      <Text {...theme[TONES[connection]]}>{state}</Text>
    </Text>
  );
}
