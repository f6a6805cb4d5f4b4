import { type ReactNode, useRef, useState } from "react";
import { type BulkOptions, type BulkOutcome, runBulk } from "../bulk.ts";
import { Confirm } from "../components/confirm.tsx";
import type { NoticeText } from "../components/notice.tsx";
import type { BindingId } from "../keymap.ts";
import type { Tone } from "../theme.ts";
import { BulkRunning, BulkSummary, runningBindings, summaryBindings } from "./bulk-dialog.tsx";
import { useBody } from "./frame.tsx";
import { messageOf } from "./problems.ts";

/** A piece of work on some rows. */
export interface BulkTask<Item> {
  readonly items: readonly Item[];
  /** Asked before; names the deed, the object and the count. Without it, it begins at once. */
  readonly ask?: {
    readonly question: string;
    readonly consequences: readonly string[];
    /** On the button. */
    readonly deed: string;
    /** What has to be typed before. */
    readonly typed?: string;
  };
  /** `Disabling 12 users`. */
  readonly doing: string;
  readonly atOnce?: number;
  nameOf(item: Item): string;
  work(item: Item): Promise<void>;
  /** What was done, in a sentence. */
  said(done: readonly Item[]): string;
  onEnd?(outcome: BulkOutcome<Item>): void;
}

export interface Bulk {
  readonly dialog: ReactNode;
  readonly dialogBindings: readonly BindingId[] | undefined;
  readonly notice: NoticeText | undefined;
  start<Item>(task: BulkTask<Item>): void;
  forget(): void;
}

/** A task whose rows are of no concern any more. */
interface Job {
  readonly ask: BulkTask<never>["ask"];
  readonly doing: string;
  readonly total: number;
  run(options: BulkOptions): Promise<Summary>;
}

interface Summary {
  readonly title: string;
  readonly tone: Tone;
  /** A line for each that did not succeed, where there were many. */
  readonly lines: readonly string[];
}

type Step =
  | { name: "ask"; job: Job }
  | { name: "run"; job: Job; tried: number; stopping: boolean }
  | { name: "sum"; title: string; lines: readonly string[] };

/** Progress is drawn at most this often. */
const DRAW_MS = 100;

/** Work on many rows: the question before, the progress, and what became of each that did not succeed. */
export function useBulk(): Bulk {
  const { columns } = useBody();
  const [step, setStep] = useState<Step | null>(null);
  const [notice, setNotice] = useState<NoticeText | undefined>();
  const stopped = useRef(false);

  async function run(job: Job): Promise<void> {
    stopped.current = false;
    setStep({ name: "run", job, tried: 0, stopping: false });
    let drawn = Date.now();
    const onProgress = (tried: number) => {
      if (Date.now() - drawn < DRAW_MS) return;
      drawn = Date.now();
      setStep({ name: "run", job, tried, stopping: stopped.current });
    };
    const { title, tone, lines } = await job.run({ onProgress, isStopped: () => stopped.current });
    setStep(lines.length > 0 ? { name: "sum", title, lines } : null);
    setNotice({ text: title, tone });
  }

  function start<Item>(task: BulkTask<Item>): void {
    const job = jobOf(task);
    setNotice(undefined);
    if (task.ask) setStep({ name: "ask", job });
    else void run(job);
  }

  function stop(): void {
    stopped.current = true;
    setStep((now) => (now?.name === "run" ? { ...now, stopping: true } : now));
  }

  const close = () => setStep(null);
  const dialog = (
    <>
      {step?.name === "ask" && step.job.ask && (
        <Confirm {...step.job.ask} width={columns} onConfirm={() => void run(step.job)} onCancel={close} />
      )}
      {step?.name === "run" && (
        <BulkRunning {...step} doing={step.job.doing} total={step.job.total} onStop={stop} />
      )}
      {step?.name === "sum" && <BulkSummary title={step.title} lines={step.lines} onClose={close} />}
    </>
  );
  return {
    dialog: step && dialog,
    dialogBindings:
      step?.name === "run" ? runningBindings : step?.name === "sum" ? summaryBindings : undefined,
    notice,
    start,
    forget: () => setNotice(undefined),
  };
}

function jobOf<Item>(task: BulkTask<Item>): Job {
  const { items, ask, doing, atOnce } = task;
  return {
    ask,
    doing,
    total: items.length,
    async run(options) {
      const outcome = await runBulk(items, task.work, { ...options, ...(atOnce && { atOnce }) });
      task.onEnd?.(outcome);
      return summaryOf(task, outcome);
    },
  };
}

function summaryOf<Item>(
  { items, nameOf, said }: BulkTask<Item>,
  { done, failed, left }: BulkOutcome<Item>,
): Summary {
  const [first] = failed;
  if (items.length === 1 && first) return { title: messageOf(first.error), tone: "danger", lines: [] };
  const parts = [done.length > 0 ? said(done) : "Nothing was done"];
  if (failed.length > 0) parts.push(`${failed.length.toLocaleString("en")} failed`);
  if (left.length > 0) parts.push(`${left.length.toLocaleString("en")} not tried`);
  const lines = [
    ...failed.map(({ item, error }) => `${nameOf(item)}: ${messageOf(error)}`),
    ...left.map((item) => `${nameOf(item)}: not tried`),
  ];
  return { title: parts.join("; "), tone: lines.length > 0 ? "warning" : "good", lines };
}
