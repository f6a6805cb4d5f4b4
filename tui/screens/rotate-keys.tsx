import { Box, Text } from "ink";
import { useState } from "react";
import type { ApiKey, Result } from "../../protocol/index.ts";
import { Confirm } from "../components/confirm.tsx";
import { Form } from "../components/form.tsx";
import { useNavigation, useUnsaved } from "../navigation.ts";
import { SecretFile, secretFilePath } from "../secret-file.ts";
import { cut } from "../terminal/safe-text.ts";
import { useTheme } from "../theme.ts";
import { useAction } from "../use-action.ts";
import { useSession } from "../use-session.ts";
import { DAY, graces } from "./choose-grace.tsx";
import { Frame, formBindings, useBody } from "./frame.tsx";
import { keyName, keysText, namesOf, rotateTask } from "./key-tasks.ts";
import { SecretOnce, secretBindings } from "./secret-once.tsx";
import { useBulk } from "./use-bulk.tsx";
import { WatchOldKeys } from "./watch-old-keys.tsx";

type Rotated = Result<"keys.rotate">;

/** What became of it: the file has all secrets but those that could not be written, which are here and nowhere else. */
interface Outcome {
  readonly file: string;
  readonly previous: readonly ApiKey[];
  readonly unwritten: readonly Rotated[];
}

type Values = { grace: string; file: string };

/** Rotate many keys: the new secrets go to a file, then the old keys are watched until nobody uses them. */
export function RotateKeys({ keys, onRotated }: { keys: readonly ApiKey[]; onRotated(): void }) {
  const session = useSession();
  const navigation = useNavigation();
  const theme = useTheme();
  const { columns } = useBody();
  const action = useAction();
  const closing = useAction();
  const bulk = useBulk();
  const [values, setValues] = useState<Values>(() => ({ grace: DAY, file: defaultFile() }));
  const [asking, setAsking] = useState(false);
  const [running, setRunning] = useState(false);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  useUnsaved(running ? "the secrets of the rotation that is under way" : null);
  const path = secretFilePath(values.file);
  const error = action.error ?? closing.error;

  const rotate = () =>
    void action.run(async () => {
      setAsking(false);
      const file = await SecretFile.create(path);
      const previous: ApiKey[] = [];
      const unwritten: Rotated[] = [];
      setRunning(true);
      const keep = async (rotated: Rotated) => {
        previous.push(rotated.previous);
        try {
          await file.append(recordOf(rotated));
        } catch (error) {
          unwritten.push(rotated);
          throw error;
        }
      };
      const task = rotateTask(keys, { session, graceSeconds: Number(values.grace), keep });
      bulk.start({
        ...task,
        onEnd: () =>
          void closing.run(async () => {
            setRunning(false);
            if (previous.length === 0) return file.discard();
            onRotated();
            // First of all, since what could not be written is nowhere else.
            setOutcome({ file: file.path, previous, unwritten });
            await file.close();
          }),
      });
    });

  if (outcome && !bulk.dialog) return <Kept outcome={outcome} onChange={setOutcome} />;

  const title = ["Keys", `Rotate ${keys.length.toLocaleString("en")}`];
  return (
    <Frame
      path={title}
      bindings={formBindings}
      notice={bulk.notice}
      dialog={
        asking ? (
          <Confirm
            question={`Rotate ${keysText(keys)}?`}
            consequences={[
              namesOf(keys),
              `Each gets a new secret, written to ${path}.`,
              values.grace === "0"
                ? "The old ones stop at once."
                : `The old ones work on for ${graceText(values.grace)}.`,
            ]}
            deed="Rotate"
            width={columns}
            onConfirm={rotate}
            onCancel={() => setAsking(false)}
          />
        ) : (
          bulk.dialog
        )
      }
      {...(!asking && bulk.dialogBindings && { dialogBindings: bulk.dialogBindings })}
    >
      <Text {...theme.accent}>{cut(`${keysText(keys)}: ${namesOf(keys)}`, columns)}</Text>
      <Box marginTop={1} flexDirection="column">
        <Form<Values>
          fields={[
            { kind: "select", name: "grace", label: "The old keys work on", options: graces },
            { kind: "text", name: "file", label: "New secrets go to" },
          ]}
          initial={values}
          width={columns}
          problems={error ? { file: error.message } : {}}
          active={!asking && !running && !bulk.dialog}
          onChange={(typed) => {
            action.forget();
            closing.forget();
            setValues(typed);
          }}
          onSubmit={() => setAsking(true)}
          onCancel={navigation.back}
        />
      </Box>
      <Box marginTop={1} flexDirection="column">
        <Text {...theme.muted}>{cut("What will happen:", columns)}</Text>
        <Text>
          {cut("- The file is made new and only you can read it; nothing is overwritten.", columns)}
        </Text>
        <Text>
          {cut("- One key after another is rotated; each secret is on disk before the next.", columns)}
        </Text>
        <Text>{cut("- Then you see here which old keys are still in use.", columns)}</Text>
      </Box>
    </Frame>
  );
}

/** What could not be written is shown once, one after another; then the old keys are watched. */
function Kept({ outcome, onChange }: { outcome: Outcome; onChange(outcome: Outcome): void }) {
  const { columns } = useBody();
  const [first, ...rest] = outcome.unwritten;
  if (!first) return <WatchOldKeys previous={outcome.previous} file={outcome.file} />;
  return (
    <Frame path={["Keys", "Rotate"]} bindings={secretBindings}>
      <SecretOnce
        title={`Not in the file: the new secret of ${keyName(first.key)}`}
        secret={first.secret}
        width={columns}
        onKept={() => onChange({ ...outcome, unwritten: rest })}
      />
    </Frame>
  );
}

function recordOf({ key, secret, previous }: Rotated): object {
  const { username, name, id, permissions, expiresAt } = key;
  return { username, name, secret, id, permissions, expiresAt, replaces: previous.id };
}

function defaultFile(): string {
  return `rotated-keys-${new Date().toISOString().slice(0, 10)}.jsonl`;
}

function graceText(grace: string): string {
  return graces.find(({ value }) => value === grace)?.label ?? `${grace} s`;
}
