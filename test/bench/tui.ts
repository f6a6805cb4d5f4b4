import { fileURLToPath } from "node:url";
import type { Bench } from "./bench.ts";
import { type Column, type Goal, number, type Table } from "./report.ts";
import { type Roster, startRoster } from "./roster.ts";
import { median, percentile } from "./rounds.ts";
import { startTerminal, type TerminalProcess, type TerminalSize } from "./terminal-process.ts";
import { keepChanging } from "./tui-changes.ts";
import { tuiLists } from "./tui-lists.ts";

const USERS = 100_000;
const PAGE_DOWN = "\u001B[6~";
const BURST = 1000;
const CHANGES_A_SECOND = 500;
const SIZES = [
  { columns: 80, rows: 24, move: 250, scroll: 300, page: 700, p95: 16 },
  { columns: 200, rows: 50, move: 500, scroll: 500, page: 3300, p95: 25 },
] as const;

/** As `npm run build` makes it. */
const roster = fileURLToPath(new URL("../../../tui/main.js", import.meta.url));
const plainInk = fileURLToPath(new URL("./servers/plain-ink.js", import.meta.url));
const oneLine = fileURLToPath(new URL("./servers/one-line.js", import.meta.url));

/** A program of which the same is asked in a terminal. */
interface Contender {
  name: string;
  program: string;
  args: readonly string[];
}

/** The terminal UI in a pseudo-terminal, in front of 100,000 users, beside plain Ink with the same screens. */
export async function tui(bench: Bench): Promise<Table[]> {
  const population = Math.min(USERS, bench.plan.mostUsers);
  bench.progress(`a directory of ${population.toLocaleString("en-US")} users`);
  const daemon = await startRoster(bench, population);
  const contenders = [
    { name: "plain Ink, the same screens", program: plainInk, args: [daemon.socket] },
    { name: "Roster", program: roster, args: ["--socket", daemon.socket] },
  ];
  const tables = [await firstFrame(bench, contenders)];
  for (const size of SIZES) tables.push(await keys(bench, contenders, size));
  for (const size of SIZES) tables.push(await changes(bench, contenders, daemon, size));
  tables.push(...(await tuiLists(bench, roster, population, SIZES)));
  return tables;
}

async function firstFrame(bench: Bench, [, ours]: readonly Contender[]): Promise<Table> {
  const programs = [{ name: "bare Node, one line", program: oneLine, args: [] }, ...(ours ? [ours] : [])];
  const starts = new Map(
    programs.map(({ name }) => [name, [] as { milliseconds: number; cpu: number | null }[]]),
  );
  for (let round = 0; round <= bench.plan.rounds; round += 1) {
    bench.progress(`start ${round} of ${bench.plan.rounds}`);
    for (const { name, program, args } of programs) {
      const terminal = startTerminal(program, args, SIZES[0]);
      const milliseconds = await terminal.shows(/\d users/);
      const start = { milliseconds, cpu: terminal.cpu() };
      await terminal.end();
      // The first round warms the disk's cache.
      if (round > 0) starts.get(name)?.push(start);
    }
  }
  const rows = [...starts].map(([name, all]) => ({
    name,
    milliseconds: median(all.map((start) => start.milliseconds)),
    cpu: median(all.map((start) => start.cpu ?? Number.NaN)),
  }));
  return {
    title: "start to the first frame with users in it, connected by socket, 80x24",
    columns: [
      { of: "milliseconds", heading: "ms", as: number },
      { of: "cpu", heading: "CPU ms", as: number },
    ],
    rows,
    goals: [atMost("ms to the first frame", 250, rows.at(-1)?.milliseconds)],
  };
}

const keyColumns: readonly Column[] = [
  { of: "move", heading: "move bytes", as: number },
  { of: "scroll", heading: "scroll bytes", as: number },
  { of: "page", heading: "PgDn bytes", as: number },
  { of: "p50", heading: "p50 ms", as: number },
  { of: "p95", heading: "p95 ms", as: number },
  { of: "cpu", heading: "CPU ms a key", as: number },
  { of: "burst", heading: `${BURST} keys ms`, as: number },
  { of: "burstCpu", heading: "their CPU ms", as: number },
];

async function keys(
  bench: Bench,
  contenders: readonly Contender[],
  size: (typeof SIZES)[number],
): Promise<Table> {
  const rows = [];
  for (const contender of contenders) {
    bench.progress(`keys at ${sizeOf(size)}: ${contender.name}`);
    rows.push({
      name: contender.name,
      ...(await inTerminal(contender, size, (at) => pressKeys(bench, at, size))),
    });
  }
  const ours = rows.at(-1);
  return {
    title: `keys at ${sizeOf(size)}, from a key to the last byte that it leads to`,
    columns: keyColumns,
    rows,
    goals: [
      atMost("bytes a move", size.move, ours?.move),
      atMost("bytes a scrolled line", size.scroll, ours?.scroll),
      atMost("bytes a PgDn", size.page, ours?.page),
      atMost("ms from a key to the last byte, p95", size.p95, ours?.p95),
      atMost(`ms for ${BURST} keys in one write, every one handled`, 1000, ours?.burst),
    ],
  };
}

async function pressKeys(bench: Bench, terminal: TerminalProcess, { rows }: TerminalSize) {
  await terminal.press("j");
  const move = await terminal.press("j");
  // Until then its last frame is to come, and would count for the line that is scrolled next.
  await terminal.shows(selected(Math.min(rows + 2, bench.plan.mostUsers) - 1), "j".repeat(rows));
  const scroll = await terminal.press("j");
  const page = await terminal.press(PAGE_DOWN);
  const before = terminal.cpu();
  const times: number[] = [];
  for (let key = 0; key < bench.plan.milliseconds / 10; key += 1) {
    times.push((await terminal.press(key % 4 === 3 ? PAGE_DOWN : "j")).milliseconds);
  }
  const cpu = before === null ? null : ((terminal.cpu() ?? 0) - before) / times.length;
  await terminal.press("g");
  const rested = terminal.cpu();
  const burst = Math.min(BURST, bench.plan.mostUsers);
  const burstMs = await terminal.shows(selected(burst - 1), "j".repeat(burst));
  return {
    move: move.bytes,
    scroll: scroll.bytes,
    page: page.bytes,
    p50: percentile(times, 0.5),
    p95: percentile(times, 0.95),
    cpu,
    burst: burstMs,
    burstCpu: rested === null ? null : (terminal.cpu() ?? 0) - rested,
  };
}

async function changes(
  bench: Bench,
  contenders: readonly Contender[],
  daemon: Roster,
  size: TerminalSize,
): Promise<Table> {
  const rows = [];
  for (const contender of contenders) {
    bench.progress(`${CHANGES_A_SECOND} changes a second at ${sizeOf(size)}: ${contender.name}`);
    const figures = await inTerminal(contender, size, (terminal) =>
      daemon.locally((client) =>
        keepChanging(
          client,
          { aSecond: CHANGES_A_SECOND, users: Math.min(size.rows, bench.plan.mostUsers) },
          () => watchChanges(bench, terminal),
        ),
      ),
    );
    rows.push({ name: contender.name, ...figures });
  }
  const ours = rows.at(-1);
  return {
    title: `${CHANGES_A_SECOND} changes a second of users in view, at ${sizeOf(size)}`,
    columns: [
      { of: "frames", heading: "frames a second", as: number },
      { of: "bytes", heading: "bytes a second", as: number },
      { of: "p95", heading: "key p95 ms", as: number },
      { of: "cpu", heading: "CPU ms a second", as: number },
    ],
    rows,
    goals: [
      atMost("frames a second", 30, ours?.frames),
      // A frame that is being drawn, the pause between two, and the frame itself.
      atMost("ms from a key until it is seen, p95", 100, ours?.p95),
    ],
  };
}

async function watchChanges(bench: Bench, terminal: TerminalProcess) {
  const before = terminal.cpu();
  const { frames, bytes } = await terminal.watch(bench.plan.milliseconds);
  const seconds = bench.plan.milliseconds / 1000;
  const cpu = before === null ? null : ((terminal.cpu() ?? 0) - before) / seconds;
  const times: number[] = [];
  for (let key = 0; key < bench.plan.rounds * 2; key += 1) {
    times.push(await terminal.shows(selected(key), "j"));
  }
  return { frames: frames / seconds, bytes: bytes / seconds, p95: percentile(times, 0.95), cpu };
}

/** Behind the administrator `bench` come the users in the order of their numbers. */
function selected(index: number): RegExp {
  return new RegExp(`› .*user\\.${String(index).padStart(6, "0")} `);
}

async function inTerminal<T>(
  { program, args }: Contender,
  size: TerminalSize,
  work: (terminal: TerminalProcess) => Promise<T>,
): Promise<T> {
  const terminal = startTerminal(program, args, size);
  try {
    await terminal.shows(/\d users/);
    return await work(terminal);
  } finally {
    await terminal.end();
  }
}

function sizeOf({ columns, rows }: TerminalSize): string {
  return `${columns}x${rows}`;
}

function atMost(what: string, goal: number, reached: number | undefined): Goal {
  return { what, bound: "at most", goal, reached: reached ?? null };
}
