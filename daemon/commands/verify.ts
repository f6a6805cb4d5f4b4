import { editProblem } from "../directory/administrators.ts";
import { acceptEdit } from "../store/json/accept-edit.ts";
import { fileSystem, looseModes } from "../store/json/files.ts";
import { holdDirectory } from "../store/json/hold-directory.ts";
import { ownFiles } from "../store/json/open-directory.ts";
import { problemText } from "../store/json/problem.ts";
import { CHANGED } from "../store/json/snapshot-reader.ts";
import type { KeptTip } from "../store/json/tip-check.ts";
import { type Verification, verifyDirectory } from "../store/json/verify.ts";
import { counted, OPERATOR, type Surroundings, storeLog } from "./command.ts";

interface Asked {
  tip: KeptTip | null;
  acceptEdit: boolean;
}

/** Looks at all of a data directory that no daemon uses, and says what is wrong, one problem a line. */
export async function verify(around: Surroundings, asked: Asked): Promise<number> {
  const { data } = around.config;
  const lock = await holdDirectory(fileSystem, data);
  try {
    if (asked.acceptEdit && !(await accept(around))) return 1;
    const verification = await verifyDirectory(fileSystem, data, asked.tip);
    const loose = await looseModes(fileSystem, await ownFiles(fileSystem, data));
    for (const line of [...loose, ...verification.problems.map(problemText)]) around.say(line);
    if (verification.problems.length > 0) around.say(advice(verification));
    else if (loose.length === 0) around.say(praise(verification, data));
    return verification.problems.length + loose.length === 0 ? 0 : 1;
  } finally {
    await lock.release();
  }
}

function praise({ chain, epoch, users }: Verification, data: string): string {
  const { start, seq, hash, torn } = chain;
  const entries = counted(seq - start, "entry", "entries");
  const lines = [
    `${data} is good: ${counted(users ?? 0, "user")}, ${entries} in the journal`,
    ...(torn > 0
      ? [
          `An unfinished write of ${torn} bytes at the journal's end was never acknowledged; the next start cuts it off`,
        ]
      : []),
    ...(hash === null ? [] : [`Tip, to be kept elsewhere: ${seq}:${hash}:${epoch}`]),
  ];
  return lines.join("\n");
}

function advice({ problems, tipFails }: Verification): string {
  const said = [`${counted(problems.length, "problem")}. Nothing was changed`];
  if (problems.some(({ problem }) => problem === CHANGED)) {
    said.push("If you edited users.json, rosterd verify --accept-edit takes that over");
  }
  if (problems.length > Number(tipFails)) {
    said.push("rosterd restore FILE puts a backup in the place of the data, which it keeps aside");
  }
  return said.join(". ");
}

/** Whether the edit was taken over. */
async function accept({ config, now, say, warn }: Surroundings): Promise<boolean> {
  const outcome = await acceptEdit({
    io: fileSystem,
    directory: config.data,
    log: storeLog(warn),
    actor: OPERATOR,
    at: new Date(now()).toISOString(),
    rule: editProblem,
  });
  if (outcome.kind === "unedited") {
    say("users.json is as rosterd wrote it: there is no edit to take over");
    return true;
  }
  if (outcome.kind === "refused") {
    for (const problem of outcome.problems) say(problemText(problem));
    say(
      `The edit was not taken over, not even in part. Mend ${counted(outcome.problems.length, "problem")} and try again`,
    );
    return false;
  }
  for (const change of outcome.changes) say(change);
  say(
    `Took over users.json as it was edited: ${counted(outcome.changes.length, "difference")} from what the audit tells. ` +
      "It does not tell settings, hashes and sessions",
  );
  return true;
}
