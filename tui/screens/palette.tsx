import { Box, Text } from "ink";
import { useState } from "react";
import { moveTable, tableMove } from "../components/table-state.ts";
import { TextField } from "../components/text-field.tsx";
import { destinationsFor, findDestinations, type Match } from "../destinations.ts";
import { type BindingId, matches } from "../keymap.ts";
import { useNavigation } from "../navigation.ts";
import type { InputEvent } from "../terminal/input-events.ts";
import { fitWidth } from "../terminal/safe-text.ts";
import { useTheme } from "../theme.ts";
import { useAction } from "../use-action.ts";
import { useSession, useSessionSnapshot } from "../use-session.ts";
import { Frame, useBody } from "./frame.tsx";

const bindings: readonly BindingId[] = ["go", "cancel", "nextFound", "previousFound"];
/** The line that is typed, and a blank one. */
const CHROME = 2;
/** Marker, name and what it wants named. */
const NAME_WIDTH = 20;

/** Go anywhere by name: what is offered is what this person may see. */
export function Palette() {
  const session = useSession();
  const navigation = useNavigation();
  const theme = useTheme();
  const { principal } = useSessionSnapshot();
  const { columns, rows } = useBody();
  const action = useAction();
  const [typed, setTyped] = useState("");
  const [completed, setCompleted] = useState(0);
  const [place, setPlace] = useState({ selected: 0, offset: 0 });
  const offered = principal ? destinationsFor(principal) : [];
  const found = findDestinations(offered, typed);
  const height = rows - CHROME;
  const change = (text: string) => {
    action.forget();
    setTyped(text);
    setPlace({ selected: 0, offset: 0 });
  };

  function go({ destination, argument }: Match): void {
    if ("argument" in destination) {
      if (argument === "") complete(destination.name);
      else void action.run(async () => navigation.go(await destination.find(session, argument)));
      return;
    }
    const screen = "screen" in destination && principal ? destination.screen(principal) : null;
    if (screen) navigation.go(screen);
    else if ("run" in destination) void action.run(async () => destination.run({ session, navigation }));
  }

  function complete(name: string): void {
    change(`${name} `);
    setCompleted(completed + 1);
  }

  function onKey(event: InputEvent): boolean {
    const match = found[place.selected];
    const move = tableMove(event);
    if (move) setPlace(moveTable(place, move, { total: found.length, height }));
    else if (matches(event, "go") && match) go(match);
    else if (matches(event, "cancel")) navigation.done();
    else return false;
    return true;
  }

  const shown = found.slice(place.offset, place.offset + height);
  return (
    <Frame
      path={["Go to"]}
      bindings={bindings}
      notice={action.error ? { text: action.error.message, tone: "danger" } : undefined}
      onKey={onKey}
    >
      <Box marginBottom={1}>
        <Text {...theme.accent}>: </Text>
        <TextField key={completed} value={typed} onChange={change} focused width={columns - 2} />
      </Box>
      {found.length === 0 && (
        <Text {...theme.muted}>Nothing here has that name; Ctrl-U empties the line.</Text>
      )}
      {shown.map((match, index) => (
        <Row
          key={match.destination.name}
          match={match}
          selected={place.offset + index === place.selected}
          width={columns}
        />
      ))}
    </Frame>
  );
}

function Row({ match, selected, width }: { match: Match; selected: boolean; width: number }) {
  const theme = useTheme();
  const { destination, at } = match;
  const argument = "argument" in destination ? ` ${destination.argument}` : "";
  const style = selected ? theme.selected : theme.plain;
  return (
    <Text {...style}>
      {`${selected ? theme.marker : " "} `}
      {lettersOf(destination.name).map(({ letter, index }) => (
        <Text key={index} bold={at.has(index)} underline={at.has(index)}>
          {letter}
        </Text>
      ))}
      {fitWidth(argument, NAME_WIDTH - destination.name.length)}
      {fitWidth(destination.help, Math.max(1, width - NAME_WIDTH - 2))}
    </Text>
  );
}

function lettersOf(name: string): { letter: string; index: number }[] {
  return [...name].map((letter, index) => ({ letter, index }));
}
