import type { FileHandle } from "node:fs/promises";
import { type FileSystem, fileSystem } from "../../../../daemon/store/json/files.ts";

export type Operation =
  | "link"
  | "mkdir"
  | "open"
  | "rename"
  | "rm"
  | "unlink"
  | "write"
  | "datasync"
  | "sync"
  | "truncate";

/**
 * Told before each operation, of a write with its length; throws to make it fail. For a write it may say how many
 * bytes to write at most; 0 keeps a sync from being done.
 */
export type Hook = (
  operation: Operation,
  path: string,
  length?: number,
) => Promise<number | undefined> | number | undefined;

/** A file system (the real one unless it is said) with `hook` in front of everything that changes it. */
export function interceptedFiles(hook: Hook, files: FileSystem = fileSystem): FileSystem {
  return {
    ...files,
    link: async (from, to) => {
      await hook("link", String(to));
      await files.link(from, to);
    },
    mkdir: (async (path: string, options: { mode: number }) => {
      await hook("mkdir", path);
      return files.mkdir(path, options);
    }) as FileSystem["mkdir"],
    open: async (path, flags, mode) => {
      await hook("open", String(path));
      return interceptedHandle(await files.open(path, flags, mode), String(path), hook);
    },
    rename: async (from, to) => {
      await hook("rename", String(to));
      await files.rename(from, to);
    },
    rm: async (path, options) => {
      await hook("rm", String(path));
      await files.rm(path, options);
    },
    unlink: async (path) => {
      await hook("unlink", String(path));
      await files.unlink(path);
    },
  };
}

/** The real file system without syncs: for tests that open hundreds of directories. */
export const unsyncedFiles: FileSystem = {
  ...fileSystem,
  open: async (path, flags, mode) =>
    withMethods(await fileSystem.open(path, flags, mode), { sync: async () => {}, datasync: async () => {} }),
};

export type SystemErrorCode = "EIO" | "ENOSPC" | "EMFILE" | "EACCES";

export function systemError(code: SystemErrorCode): Error {
  return Object.assign(new Error(`${code}: injected`), { code });
}

function interceptedHandle(handle: FileHandle, path: string, hook: Hook): FileHandle {
  return withMethods(handle, {
    write: async (buffer: Buffer, offset: number, length: number, position: number | null) => {
      const most = (await hook("write", path, length)) ?? length;
      return handle.write(buffer, offset, Math.min(length, most), position);
    },
    datasync: async () => {
      if ((await hook("datasync", path)) !== 0) await handle.datasync();
    },
    sync: async () => {
      if ((await hook("sync", path)) !== 0) await handle.sync();
    },
    truncate: async (length?: number) => {
      await hook("truncate", path);
      await handle.truncate(length);
    },
  });
}

/** A handle with some methods replaced; the others need the handle itself as `this`. */
function withMethods(handle: FileHandle, methods: object): FileHandle {
  return new Proxy(handle, {
    get: (target, name) => {
      const value: unknown = Reflect.get(methods, name) ?? Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
