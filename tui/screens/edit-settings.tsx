import { useEffect, useRef, useState } from "react";
import { ProtocolError, type UserDetail } from "../../protocol/index.ts";
import type { NoticeText } from "../components/notice.tsx";
import { matches } from "../keymap.ts";
import { useNavigation, useUnsaved } from "../navigation.ts";
import { useTerminal } from "../terminal/context.tsx";
import { editInEditor } from "../terminal/editor.ts";
import { useAction } from "../use-action.ts";
import { useSession } from "../use-session.ts";
import { Conflict, differingLines } from "./conflict.tsx";
import { choiceBindings, Frame, useBody } from "./frame.tsx";
import { parseJsonObject } from "./json-text.ts";
import { checked, messageOf } from "./problems.ts";
import { TextArea } from "./text-area.tsx";

export interface EditSettingsProps {
  user: UserDetail;
  /** The settings as JSON text. */
  settings: string;
  /** The version that this text is of. */
  revision: number;
  /** Begins in the person's own editor. */
  inEditor: boolean;
}

/** A current version that somebody else saved meanwhile. */
interface Theirs {
  text: string;
  revision: number;
}

/** Edit somebody's settings as JSON; saved as a whole, and only over the version that was read. */
export function EditSettings({ user, settings, revision, inEditor }: EditSettingsProps) {
  const terminal = useTerminal();
  const session = useSession();
  const navigation = useNavigation();
  const { columns, rows } = useBody();
  const action = useAction();
  const [text, setText] = useState(settings);
  /** Where the field was begun anew: at a mistake, or with what an editor left. */
  const [field, setField] = useState({ number: 0, initial: settings, at: 0 });
  const [problem, setProblem] = useState<string | null>(null);
  const [untouched, setUntouched] = useState(false);
  const [theirs, setTheirs] = useState<Theirs | null>(null);
  useUnsaved(text === settings ? null : `the settings of ${user.username}`);

  const change = (typed: string) => {
    setText(typed);
    setUntouched(false);
  };

  const beginAnew = (initial: string, at: number) => {
    setText(initial);
    setField(({ number }) => ({ number: number + 1, initial, at }));
  };

  /** What is wrong is said, and the cursor put there. */
  const parse = (edited: string) => {
    const parsed = parseJsonObject(edited);
    setProblem("problem" in parsed ? parsed.problem : null);
    if ("problem" in parsed) beginAnew(edited, parsed.at);
    return parsed;
  };

  const edit = () =>
    void action.run(async () => {
      const edited = (await editInEditor(terminal, `${text}\n`, "settings.json")).trimEnd();
      setUntouched(edited === text);
      if (edited === text) return;
      beginAnew(edited, 0);
      parse(edited);
    });

  const began = useRef(false);
  useEffect(() => {
    if (!inEditor || began.current) return;
    began.current = true;
    edit();
  });

  const save = (against: number) => {
    const parsed = parse(text);
    if ("problem" in parsed) return;
    void action.run(async () => {
      setTheirs(null);
      try {
        const params = { user: user.id, settings: parsed.value, replace: true, ifRevision: against };
        await session.call("settings.save", checked("settings.save", params));
        navigation.done();
      } catch (error) {
        if (!(error instanceof ProtocolError) || error.reason !== "revisionMismatch") throw error;
        const current = await session.call("settings.get", { user: user.id });
        setTheirs({ text: JSON.stringify(current.settings, null, 2), revision: current.revision });
      }
    });
  };

  return (
    <Frame
      path={["Users", user.username, "Settings", "Edit"]}
      bindings={["save", "editor", "cancel"]}
      notice={noticeOf(problem ?? (action.error ? messageOf(action.error) : undefined), untouched)}
      onKey={(event) => {
        if (matches(event, "save")) save(revision);
        else if (matches(event, "editor")) edit();
        else if (matches(event, "cancel")) navigation.back();
        else return false;
        return true;
      }}
      dialogBindings={choiceBindings}
      dialog={
        theirs && (
          <Conflict
            subject={`the settings of ${user.username}`}
            differences={differingLines(text, theirs.text)}
            keepMine="Save mine over it"
            width={columns}
            height={rows}
            onKeepMine={() => save(theirs.revision)}
            onTakeTheirs={() => navigation.done()}
            onGoOn={() => setTheirs(null)}
          />
        )
      }
    >
      <TextArea
        key={field.number}
        initial={field.initial}
        at={field.at}
        width={columns}
        height={rows}
        active={!action.running}
        onChange={change}
      />
    </Frame>
  );
}

function noticeOf(problem: string | undefined, untouched: boolean): NoticeText | undefined {
  if (problem !== undefined) return { text: problem, tone: "danger" };
  return untouched ? { text: "The editor left it as it was", tone: "muted" } : undefined;
}
