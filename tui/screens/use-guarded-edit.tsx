import { type ReactNode, useState } from "react";
import { ProtocolError } from "../../protocol/index.ts";
import { useUnsaved } from "../navigation.ts";
import { type Action, useAction } from "../use-action.ts";
import { Conflict, type Difference } from "./conflict.tsx";
import { useBody } from "./frame.tsx";

export interface GuardedEditOptions<Version, Values> {
  /** As it was read. */
  readonly version: Version;
  /** What is edited, by name. */
  readonly subject: string;
  valuesOf(version: Version): Values;
  differ(one: Values, other: Values): boolean;
  /** What either side changed of `base`: mine beside theirs. */
  differences(base: Values, mine: Values, theirs: Values): Difference[];
  /** Theirs with what I changed put on top. */
  merge(base: Values, mine: Values, theirs: Values): Values;
  /** Saves what differs from `against` and leaves. @throws 412 where that is not the current version any more. */
  save(values: Values, against: Version): Promise<void>;
  /** The version that is current now. */
  read(against: Version): Promise<Version>;
  /** Leaves without saving. */
  onTakeTheirs(theirs: Version): void;
}

export interface GuardedEdit<Values> {
  readonly typed: Values;
  readonly action: Action;
  /** The form is to be typed in: nothing is being saved or asked. */
  readonly active: boolean;
  readonly dialog: ReactNode;
  change(values: Values): void;
  submit(values: Values): void;
}

/** Edits something of which others may save a newer version meanwhile; nothing of theirs is overwritten unasked. */
export function useGuardedEdit<Version, Values>(
  options: GuardedEditOptions<Version, Values>,
): GuardedEdit<Values> {
  const { version, subject, valuesOf, differ, differences, merge, save, read, onTakeTheirs } = options;
  const { columns, rows } = useBody();
  const action = useAction();
  const [base, setBase] = useState(version);
  const [typed, setTyped] = useState(() => valuesOf(version));
  const [theirs, setTheirs] = useState<Version | null>(null);
  useUnsaved(differ(valuesOf(base), typed) ? `the changes to ${subject}` : null);

  const submit = (values: Values, against: Version) =>
    void action.run(async () => {
      try {
        await save(values, against);
      } catch (error) {
        if (!(error instanceof ProtocolError) || error.reason !== "revisionMismatch") throw error;
        setTheirs(await read(against));
      }
    });

  const keepMine = (over: Version) => {
    setTheirs(null);
    setBase(over);
    submit(merge(valuesOf(base), typed, valuesOf(over)), over);
  };

  return {
    typed,
    action,
    active: !action.running && theirs === null,
    dialog: theirs && (
      <Conflict
        subject={subject}
        differences={differences(valuesOf(base), typed, valuesOf(theirs))}
        keepMine="Save what I changed over it; the rest stays theirs"
        width={columns}
        height={rows}
        onKeepMine={() => keepMine(theirs)}
        onTakeTheirs={() => onTakeTheirs(theirs)}
        onGoOn={() => setTheirs(null)}
      />
    ),
    change: setTyped,
    submit: (values) => submit(values, base),
  };
}
