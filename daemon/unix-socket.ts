import { lstat, unlink } from "node:fs/promises";
import { connect, type Server } from "node:net";
import { listening } from "./listen.ts";
import { StartError } from "./start-error.ts";

/** Owner and group read and write: whoever may open the socket is the operator. */
const SOCKET_MASK = 0o117;

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
