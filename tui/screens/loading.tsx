import { Text } from "ink";
import { useEffect, useState } from "react";
import { useTheme } from "../theme.ts";
import { useTypeAhead } from "../type-ahead.tsx";

/** Long enough that a quick answer shows no flicker. */
const PATIENCE_MS = 150;

/** `loading…`, once it has been so for a while. `keysWait`: what is typed meanwhile is for what comes. */
export function Loading({ keysWait = false }: { keysWait?: boolean }) {
  const theme = useTheme();
  useTypeAhead(keysWait);
  const [long, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  return <Text {...theme.muted}>{long ? "loading…" : " "}</Text>;
}
