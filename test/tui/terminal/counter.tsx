import { Text } from "ink";
import { useState } from "react";
import { useKeys } from "../../../tui/terminal/keys.tsx";

/** Shows how many keys were pressed. */
export function Counter() {
  const [count, setCount] = useState(0);
  useKeys(() => {
    setCount(count + 1);
    return true;
  });
  return <Text>{`${count} keys`}</Text>;
}
