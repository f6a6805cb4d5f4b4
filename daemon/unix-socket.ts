import { lstat, stat, unlink } from "node:fs/promises";
import { connect, type Server } from "node:net";
import { listening } from "./listen.ts";
import { StartError } from "./start-error.ts";

/** Owner and group read and write: whoever may open the socket is the operator. */
const SOCKET_MASK = 0o117;
const OTHERS = 0o007;

/**
 * Listens on a Unix socket of mode 0660.
 *
 * Throws `StartError` when somebody answers there already, or something else is in the way.
 */
export async function listenUnix(server: Server, path: string): Promise<void> {
  await removeStale(path);
  // The mode comes from the mask, not from a later chmod: there is no moment at which more is open. Binding a path is
  // synchronous, so nothing else is created under this mask.
  const before = process.umask(SOCKET_MASK);
  try {
    server.listen(path);
  } finally {
    process.umask(before);
  }
  await listening(server, `the socket ${path}`);
}

/** Takes a Unix socket that was handed down. Throws `StartError` when others than owner and group may open it. */
export async function takeUnix(
  server: Server,
  { descriptor, path }: { descriptor: number; path: string },
): Promise<void> {
  await assertNotForOthers(path);
  server.listen({ fd: descriptor });
  await listening(server, `the Unix socket that was handed down as descriptor ${descriptor}`);
}

async function assertNotForOthers(path: string): Promise<void> {
  const { mode } = await stat(path);
  if ((mode & OTHERS) === 0) return;
  const octal = (mode & 0o777).toString(8);
  throw new StartError(
    `others may open the socket ${path} (mode 0${octal}): write SocketMode=0660 in the socket unit`,
  );
}

/** Takes away the socket of a daemon that was killed: nobody answers on it. */
async function removeStale(path: string): Promise<void> {
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
    throw error;
  });
  if (found === null) return;
  if (!found.isSocket()) {
    throw new StartError(
      `${path} is in the way of the socket and is not a socket: move it, or give another --socket`,
    );
  }
  if (await answers(path)) {
    throw new StartError(`another program answers on the socket ${path}: stop it, or give another --socket`);
  }
  await unlink(path);
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = connect(path);
    probe.once("connect", () => {
      probe.destroy();
      resolve(true);
    });
    probe.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ECONNREFUSED" || error.code === "ENOENT") resolve(false);
      else reject(error);
    });
  });
}
