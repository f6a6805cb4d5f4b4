import {
  CallTimeout,
  type Client,
  ConnectionLost,
  type ErrorObject,
  type ImportResult,
  NotConnected,
  normaliseUsername,
  type ParamIssue,
  type Params,
  ProtocolError,
} from "../../protocol/index.ts";
import { Failure } from "../failure.ts";
import { batchesOf } from "./batches.ts";
import type { Candidate } from "./candidates.ts";

export interface UploadOptions {
  mode: Params<"users.import">["mode"];
  dryRun: boolean;
  /** Whether good rows are imported though others of their batch fail. */
  partial: boolean;
  /** Called with each row that fails, in people's words. */
  onFailed: (place: string, why: string) => void;
  /** Called after each batch with the rows done so far. */
  onProgress: (rows: number) => void;
}

export interface Totals {
  created: number;
  updated: number;
  unchanged: number;
  failed: number;
  /** New users who cannot log in until somebody gives them a password. */
  wantingPassword: string[];
}

/** Fifty passwords take a slow machine a minute to hash. */
const BATCH_TIMEOUT_MS = 180_000;

/** Sends the rows batch by batch, each once; one batch is read while none waits. */
export async function upload(
  client: Client,
  candidates: AsyncIterable<Candidate>,
  options: UploadOptions,
): Promise<Totals> {
  const { mode, dryRun, partial } = options;
  const totals: Totals = { created: 0, updated: 0, unchanged: 0, failed: 0, wantingPassword: [] };
  let sent = 0;
  for await (const batch of batchesOf(firstOfEach(candidates))) {
    const users = batch.map(({ user }) => user);
    const params = { users, mode, dryRun, partial };
    const { results } = await client
      .call("users.import", params, { timeoutMs: BATCH_TIMEOUT_MS })
      .catch((error) => {
        throw explained(error, batch, sent);
      });
    for (const [at, result] of results.entries()) {
      const candidate = batch[at];
      if (candidate) count(candidate, result);
    }
    sent += batch.length;
    options.onProgress(sent);
    if (!partial && totals.failed > 0) return totals;
  }
  return totals;

  function fail(place: string, why: string): void {
    totals.failed += 1;
    options.onFailed(place, why);
  }

  function count({ place, wantsPassword }: Candidate, { username, outcome, error }: ImportResult): void {
    if (outcome === "failed") {
      fail(username === null ? place : `${place} (${username})`, whyFailed(error));
      return;
    }
    totals[outcome] += 1;
    if (outcome === "created" && wantsPassword && username !== null) totals.wantingPassword.push(username);
  }

  /** Batches know nothing of each other, so a user who stands in the file twice is found here. Keeps names only. */
  async function* firstOfEach(all: AsyncIterable<Candidate>): AsyncGenerator<Candidate> {
    const places = new Map<string, string>();
    for await (const candidate of all) {
      const { username } = Object(candidate.user) as { username?: unknown };
      const name = typeof username === "string" ? normaliseUsername(username) : null;
      const first = name === null ? undefined : places.get(name);
      if (name !== null && first === undefined) places.set(name, candidate.place);
      if (first === undefined) yield candidate;
      else fail(`${candidate.place} (${name})`, `the same user stands at ${first}`);
    }
  }
}

/** What is wrong with a row, problem by problem. */
function whyFailed(error: ErrorObject | undefined): string {
  const issues = error?.data?.issues as ParamIssue[] | undefined;
  if (!issues) return error?.message ?? "no reason given";
  return issues.map(({ path, message }) => [...path, message].join(": ")).join("; ");
}

/** A batch that was refused whole, or of which nobody knows. */
function explained(error: unknown, batch: readonly Candidate[], sent: number): unknown {
  const done = sent === 0 ? "nothing was sent before it" : `the ${sent} rows before it are done`;
  const where = `${batch[0]?.place} to ${batch.at(-1)?.place}`;
  if (error instanceof ProtocolError) return new Failure(`${where}: ${error.message} (${done})`);
  const lost = [ConnectionLost, CallTimeout, NotConnected].some((kind) => error instanceof kind);
  if (!lost || !(error instanceof Error)) return error;
  return new Failure(`${where}: ${error.message} (${done}; to go on, run it again with --mode upsert)`);
}
