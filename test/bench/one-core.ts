import { execFile } from "node:child_process";
import { availableParallelism } from "node:os";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * Runs `work` while all threads of these processes are kept on the first core, by util-linux' `taskset`;
 * unpinned on a machine without it.
 */
export async function onOneCore<T>(pids: readonly number[], work: () => Promise<T>): Promise<T> {
  await pin(pids, "0");
  try {
    return await work();
  } finally {
    await pin(pids, `0-${availableParallelism() - 1}`);
  }
}

async function pin(pids: readonly number[], cores: string): Promise<void> {
  for (const pid of pids) {
    try {
      await run("taskset", ["--all-tasks", "--cpu-list", "--pid", cores, String(pid)]);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
      throw error;
    }
  }
}
