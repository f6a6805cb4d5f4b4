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

/** A typist's pause: judging takes longer than a key may. */
const PAUSE_MS = 150;

type Scorer = (password: string, personal: string[]) => number;

/** How hard the password is to guess, told while it is typed. The daemon's policy decides; this only advises. */
export function Strength({ password, personal }: { password: string; personal: string }) {
  const theme = useTheme();
  const [score, setScore] = useState<number | null>(null);
  useEffect(() => {
    if (password === "") return setScore(null);
    let wanted = true;
    const timer = setTimeout(async () => {
      const scorer = await loadScorer();
      if (wanted) setScore(scorer(password, personal.split(" ")));
    }, PAUSE_MS);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [password, personal]);
  const word = score === null ? undefined : words[score];
  if (!word) return <Text> </Text>;
  return <Text {...theme[word.tone]}>{`  Strength: ${word.text}`}</Text>;
}

let loaded: Promise<Scorer> | undefined;

/** The dictionaries take 70 ms to load: not before somebody types a password. */
function loadScorer(): Promise<Scorer> {
  loaded ??= createScorer();
  return loaded;
}

async function createScorer(): Promise<Scorer> {
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
