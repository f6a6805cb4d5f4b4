import { Text } from "ink";
import { useEffect, useState } from "react";
import type { Entry, Result } from "../../protocol/index.ts";
import { mayCall } from "../access.ts";
import { asError } from "../as-error.ts";
import { matches } from "../keymap.ts";
import { useNavigation } from "../navigation.ts";
import type { Session } from "../session.ts";
import { wrap } from "../terminal/safe-text.ts";
import { useTheme } from "../theme.ts";
import { useSession, useSessionSnapshot } from "../use-session.ts";
import { type EntryObject, entryLines, objectOf, userOf } from "./entry-lines.ts";
import { Frame, useBody } from "./frame.tsx";
import { useScroll } from "./use-scroll.ts";

/** Pages of the audit that are looked through for what was before. */
const MOST_PAGES = 5;

/** One entry of the audit or one event, whole; what changed stands beside what was before, where the audit knows it. */
export function EntryScreen({ entry }: { entry: Entry }) {
  const navigation = useNavigation();
  const theme = useTheme();
  const { columns, rows } = useBody();
  const { before, error } = useBefore(entry);
  const lines = entryLines(entry, before).flatMap(({ text, tone }) =>
    wrap(text, columns).map((part) => ({ text: part, tone })),
  );
  const user = userOf(entry);
  const scroll = useScroll(lines.length, rows);
  return (
    <Frame
      path={["Entry", `${entry.type} #${entry.seq}`]}
      bindings={[...(user ? (["openUser"] as const) : []), "down", "up", "back", "help"]}
      needs={{ openUser: "users.get" }}
      about={user?.id}
      notice={error ? { text: error.message, tone: "danger" } : undefined}
      onKey={(event) => {
        if (!user || !matches(event, "openUser")) return scroll.onKey(event);
        navigation.push({ name: "user", ...user });
        return true;
      }}
    >
      {lines.slice(scroll.top, scroll.top + rows).map(({ text, tone }, row) => {
        const line = scroll.top + row;
        return (
          <Text key={line} {...theme[tone]}>
            {text || " "}
          </Text>
        );
      })}
    </Frame>
  );
}

/** The entry's object as it was before: the audit holds it in the entry before this one about the same. */
function useBefore(entry: Entry): { before: EntryObject | null; error: Error | null } {
  const session = useSession();
  const { principal } = useSessionSnapshot();
  const [before, setBefore] = useState<EntryObject | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const may = mayCall(principal, "audit.query") && objectOf(entry) !== null;
  useEffect(() => {
    if (may) readBefore(session, entry).then(setBefore, (failure) => setError(asError(failure)));
  }, [session, entry, may]);
  return { before, error };
}

async function readBefore(session: Session, { subject, seq }: Entry): Promise<EntryObject | null> {
  let before: number | null = seq;
  for (let page = 0; subject && before !== null && page < MOST_PAGES; page++) {
    const { items, next }: Result<"audit.query"> = await session.call("audit.query", {
      subject: subject.id,
      type: `${subject.kind}.*`,
      outcome: "ok",
      before,
      limit: 20,
    });
    const earlier = items.find((item) => item.subject?.id === subject.id && objectOf(item) !== null);
    if (earlier) return objectOf(earlier);
    before = next;
  }
  return null;
}
