import { connect, createServer } from "node:net";
import { uptime } from "node:os";
import { join } from "node:path";
import { type FileSystem, readFrom, removeIfPresent, syncDirectory, writeDurably } from "./files.ts";
import { hasCode, InUseError } from "./store-error.ts";

/** One process holds a data directory; `release` lets go of it. */
export interface DirectoryLock {
  release(): Promise<void>;
}

/** Who holds the directory: for the message to the second one, and on disk for good once there is a directory. */
export const OWNER_FILE = "owner.json";
const LOCK_FILE = "rosterd.lock";
/** `sun_path` of unix(7): filled up, so that every version of Node gives the socket the same name. */
const SOCKET_NAME_LENGTH = 108;
/** Within so many milliseconds who holds a directory says so, even while it reads a large one. */
const ANSWER_MS = 2_000;
const ANSWER_LENGTH = 200;

interface Owner {
  pid: number;
  startedAt: string;
}

/** Takes the directory, or throws `InUseError` naming the process that has it. */
export function lockDirectory(io: FileSystem, directory: string): Promise<DirectoryLock> {
  return process.platform === "linux" ? lockBySocket(io, directory) : lockByFile(io, directory);
}

/**
 * An abstract socket named after the directory's device and inode: the kernel drops it with its process. It tells who
 * connects whose it is, for while a daemon starts `owner.json` is not there yet, or is the last one's.
 */
export async function lockBySocket(io: FileSystem, directory: string): Promise<DirectoryLock> {
  const { dev, ino } = await io.stat(directory);
  const path = `\0roster-data-${dev}-${ino}-`.padEnd(SOCKET_NAME_LENGTH, ".");
  const server = createServer((socket) => socket.on("error", () => {}).end(ownerBytes()));
  server.unref();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(path, resolve);
    });
  } catch (error) {
    if (hasCode(error, "EADDRINUSE")) throw held(directory, await askOwner(path));
    throw error;
  }
  return { release: () => new Promise((resolve) => server.close(() => resolve())) };
}

/** Where there are no abstract sockets: a file with pid and start time, stale when that process is gone. */
export async function lockByFile(io: FileSystem, directory: string): Promise<DirectoryLock> {
  const path = join(directory, LOCK_FILE);
  if (!(await createLock(io, path))) {
    const owner = await readOwner(io, path);
    if (owner && isAlive(owner)) throw held(directory, owner);
    await removeIfPresent(io, path);
    if (!(await createLock(io, path))) throw held(directory, await readOwner(io, path));
  }
  return { release: () => removeIfPresent(io, path) };
}

/** Writes down who holds the directory. */
export async function writeOwner(io: FileSystem, directory: string): Promise<void> {
  await writeDurably(io, join(directory, OWNER_FILE), ownerBytes());
  await syncDirectory(io, directory);
}

async function createLock(io: FileSystem, path: string): Promise<boolean> {
  try {
    const file = await io.open(path, "wx", 0o600);
    await file.writeFile(ownerBytes());
    await file.close();
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  }
}

function ownerBytes(): Buffer {
  const owner: Owner = { pid: process.pid, startedAt: new Date(performance.timeOrigin).toISOString() };
  return Buffer.from(`${JSON.stringify(owner)}\n`);
}

/** Null when it does not answer in time. */
function askOwner(path: string): Promise<Owner | null> {
  return new Promise((resolve) => {
    let answer = "";
    const socket = connect(path).setEncoding("utf8");
    const late = setTimeout(() => socket.destroy(), ANSWER_MS);
    socket.on("error", () => {});
    socket.on("data", (text) => {
      answer += text;
      if (answer.length > ANSWER_LENGTH) socket.destroy();
    });
    socket.once("close", () => {
      clearTimeout(late);
      resolve(parseOwner(answer));
    });
  });
}

async function readOwner(io: FileSystem, path: string): Promise<Owner | null> {
  try {
    const file = await io.open(path, "r");
    try {
      return parseOwner((await readFrom(file, 0)).toString());
    } finally {
      await file.close();
    }
  } catch (error) {
    if (hasCode(error, "ENOENT")) return null;
    throw error;
  }
}

function parseOwner(text: string): Owner | null {
  try {
    const { pid, startedAt } = Object(JSON.parse(text));
    const started = new Date(startedAt);
    return Number.isSafeInteger(pid) && started.getTime() ? { pid, startedAt: started.toISOString() } : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** A process of that pid that began before the machine did is another one. */
function isAlive({ pid, startedAt }: Owner): boolean {
  const bootedAt = Date.now() - uptime() * 1000;
  if (Date.parse(startedAt) < bootedAt) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !hasCode(error, "ESRCH");
  }
}

function held(directory: string, owner: Owner | null): InUseError {
  // A command that only looks does not write down who it is.
  const by =
    owner && isAlive(owner) ? `process ${owner.pid} (started ${owner.startedAt})` : "another process";
  return new InUseError(
    `${directory}: ${by} is using this data directory. Stop it first, or choose another --data`,
  );
}
