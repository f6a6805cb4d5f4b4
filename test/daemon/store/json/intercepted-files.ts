import type { FileHandle } from "node:fs/promises";
import { type FileSystem, fileSystem } from "../../../../daemon/store/json/files.ts";

export type Operation = "open" | "rename" | "unlink" | "write" | "datasync" | "sync" | "truncate";

/** Told before each operation; throws to make it fail. For a write it may say how many bytes to write at most. */
export type Hook = (operation: Operation, path: string) => Promise<number | undefined> | number | undefined;

/** The real file system with `hook` in front of everything that changes it. */
export function interceptedFiles(hook: Hook): FileSystem {
  return {
    ...fileSystem,
    open: async (path, flags, mode) => {
      await hook("open", String(path));
      return interceptedHandle(await fileSystem.open(path, flags, mode), String(path), hook);
    },
    rename: async (from, to) => {
      await hook("rename", String(to));
      await fileSystem.rename(from, to);
    },
    unlink: async (path) => {
      await hook("unlink", String(path));
      await fileSystem.unlink(path);
    },
  };
}

/** The real file system without syncs: for tests that open hundreds of directories. */
export const unsyncedFiles: FileSystem = {
  ...fileSystem,
  open: async (path, flags, mode) =>
    withMethods(await fileSystem.open(path, flags, mode), { sync: async () => {}, datasync: async () => {} }),
};

export function systemError(code: "EIO" | "ENOSPC"): Error {
  return Object.assign(new Error(`${code}: injected`), { code });
}

function interceptedHandle(handle: FileHandle, path: string, hook: Hook): FileHandle {
  return withMethods(handle, {
    write: async (buffer: Buffer, offset: number, length: number, position: number | null) => {
      const most = (await hook("write", path)) ?? length;
      return handle.write(buffer, offset, Math.min(length, most), position);
    },
    datasync: async () => {
      await hook("datasync", path);
      await handle.datasync();
    },
    sync: async () => {
      await hook("sync", path);
      await handle.sync();
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
