import { Text } from "ink";
import { useEffect, useState } from "react";
import { useTheme } from "../theme.ts";

/** Long enough that a quick answer shows no flicker. */
const PATIENCE_MS = 150;

/** `loading…`, once it has been so for a while. */
export function Loading() {
  const theme = useTheme();
  const [long, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  return <Text {...theme.muted}>{long ? "loading…" : " "}</Text>;
}
