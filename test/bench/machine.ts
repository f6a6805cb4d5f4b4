import { readFileSync } from "node:fs";
import os from "node:os";

/** /proc counts CPU time in ticks of 10 ms on every Linux that Node runs on. */
const MICROSECONDS_A_TICK = 10_000;

/** CPU time a process has used so far, all threads, in microseconds; null where there is no /proc. */
export function cpuOf(pid: number): number | null {
  const stat = readProc(`/proc/${pid}/stat`);
  if (stat === null) return null;
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * MICROSECONDS_A_TICK;
}

/** Resident memory of a process, in bytes; null where there is no /proc. */
export function residentBytesOf(pid: number): number | null {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readProc(`/proc/${pid}/status`) ?? "")?.[1];
  return kibibytes === undefined ? null : Number(kibibytes) * 1024;
}

/**
 * CPU time that all processes together have used so far, in microseconds, with what the hypervisor took;
 * null where there is no /proc.
 */
export function cpuOfAll(): number | null {
  const stat = readProc("/proc/stat");
  if (stat === null) return null;
  const [, user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, stolen = 0] = stat
    .slice(0, stat.indexOf("\n"))
    .split(/\s+/)
    .map(Number);
  return (user + nice + system + irq + softirq + stolen) * MICROSECONDS_A_TICK;
}

/** The machine in one line, to stand beside its figures. */
export function describeMachine(): string {
  const cpus = os.cpus();
  const memory = Math.round(os.totalmem() / 2 ** 30);
  const model = cpus[0]?.model.trim() ?? "unknown processor";
  return `${cpus.length} cores of ${model}, ${memory} GiB, ${os.type()} ${os.release()}, Node ${process.version}`;
}

function readProc(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
