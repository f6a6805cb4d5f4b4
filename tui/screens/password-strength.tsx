import { Text } from "ink";
import { useEffect, useState } from "react";
import { type Tone, useTheme } from "../theme.ts";

/** zxcvbn's time grows faster than the password. */
const LONGEST_LOOKED_AT = 64;

/** zxcvbn's scale: 0 is guessed at once, 4 holds. */
const words: readonly { text: string; tone: Tone }[] = [
  { text: "very weak", tone: "danger" },
  { text: "weak", tone: "danger" },
  { text: "fair", tone: "warning" },
  { text: "good", tone: "good" },
  { text: "strong", tone: "good" },
];

type Scorer = (password: string, personal: string[]) => number;

/** How hard the password is to guess, while it is typed. The daemon's policy decides; this only advises. */
export function Strength({ password, personal }: { password: string; personal: string[] }) {
  const theme = useTheme();
  const [score, setScore] = useState<Scorer | null>(null);
  const wanted = password !== "";
  useEffect(() => {
    if (!wanted) return;
    let mounted = true;
    void loadScorer().then((scorer) => mounted && setScore(() => scorer));
    return () => {
      mounted = false;
    };
  }, [wanted]);
  if (!wanted || !score) return <Text> </Text>;
  const word = words[score(password, personal)];
  const length = [...password].length;
  return (
    <Text {...theme[word?.tone ?? "plain"]}>
      {`  Strength: ${word?.text ?? ""}, ${length} ${length === 1 ? "character" : "characters"}`}
    </Text>
  );
}

/** The dictionaries take 70 ms to load: not before somebody types a password. */
async function loadScorer(): Promise<Scorer> {
  const [{ ZxcvbnFactory }, common, english] = await Promise.all([
    import("@zxcvbn-ts/core"),
    import("@zxcvbn-ts/language-common"),
    import("@zxcvbn-ts/language-en"),
  ]);
  const factory = new ZxcvbnFactory({
    dictionary: { ...common.dictionary, ...english.dictionary },
    graphs: common.adjacencyGraphs,
  });
  return (password, personal) => factory.check(password.slice(0, LONGEST_LOOKED_AT), personal).score;
}
