import { useState } from "react";
import { type Params, ProtocolError, type UserDetail } from "../../protocol/index.ts";
import type { NoticeText } from "../components/notice.tsx";
import { matches } from "../keymap.ts";
import { useNavigation, useUnsaved } from "../navigation.ts";
import { useAction } from "../use-action.ts";
import { useSession } from "../use-session.ts";
import { Conflict, differingLines } from "./conflict.tsx";
import { choiceBindings, Frame, useBody } from "./frame.tsx";
import { TextArea } from "./text-area.tsx";

type Settings = Params<"settings.save">["settings"];

export interface EditSettingsProps {
  user: UserDetail;
  /** The settings as JSON text. */
  settings: string;
  /** The version that this text is of. */
  revision: number;
}

/** A current version that somebody else saved meanwhile. */
interface Theirs {
  text: string;
  revision: number;
}

/** Edit somebody's settings as JSON; saved as a whole, and only over the version that was read. */
export function EditSettings({ user, settings, revision }: EditSettingsProps) {
  const session = useSession();
  const navigation = useNavigation();
  const { columns, rows } = useBody();
  const action = useAction();
  const [text, setText] = useState(settings);
  const [problem, setProblem] = useState<string | null>(null);
  const [theirs, setTheirs] = useState<Theirs | null>(null);
  useUnsaved(text === settings ? null : `the settings of ${user.username}`);

  const save = (against: number) => {
    const parsed = parseObject(text);
    setProblem("problem" in parsed ? parsed.problem : null);
    if ("problem" in parsed) return;
    void action.run(async () => {
      setTheirs(null);
      try {
        const params = { user: user.id, settings: parsed.value, replace: true, ifRevision: against };
        await session.call("settings.save", params);
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
      bindings={["save", "cancel"]}
      notice={noticeOf(problem ?? action.error?.message)}
      onKey={(event) => {
        if (matches(event, "save")) save(revision);
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
        initial={settings}
        width={columns}
        height={rows}
        active={!action.running}
        onChange={setText}
      />
    </Frame>
  );
}

function noticeOf(problem: string | undefined): NoticeText | undefined {
  return problem === undefined ? undefined : { text: problem, tone: "danger" };
}

function parseObject(text: string): { value: Settings } | { problem: string } {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return { value: value as Settings };
    return { problem: "The settings have to be a JSON object: { … }" };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { problem: `This is not JSON: ${error.message}` };
  }
}
