import { type FileHandle, open, unlink } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { asError } from "./as-error.ts";

/** A file of secrets, a line of JSON each: made anew, readable by its owner only, and on disk after every line. */
export class SecretFile {
  readonly path: string;
  readonly #file: FileHandle;

  private constructor(path: string, file: FileHandle) {
    this.path = path;
    this.#file = file;
  }

  /**
   * Makes the file, so that all that can be wrong with the place is known before there is a secret.
   * @throws {Error} whose message says what is wrong with the path; nothing that exists is touched.
   */
  static async create(path: string): Promise<SecretFile> {
    try {
      // `wx` follows no link and overwrites nothing.
      const file = await open(path, "wx", 0o600);
      await file.chmod(0o600);
      await file.sync();
      await syncDirectory(dirname(path));
      return new SecretFile(path, file);
    } catch (error) {
      throw explained(path, error);
    }
  }

  /** Returns once the line is on disk. @throws when it may not be. */
  async append(record: object): Promise<void> {
    try {
      await this.#file.appendFile(`${JSON.stringify(record)}\n`);
      await this.#file.sync();
    } catch (error) {
      throw explained(this.path, error);
    }
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  /** Takes the file away again, for when nothing was written. */
  async discard(): Promise<void> {
    await this.#file.close();
    await unlink(this.path);
  }
}

/** The whole path of what a person typed; `~` is one's home. */
export function secretFilePath(typed: string): string {
  const path = typed.trim();
  return path === "~" || path.startsWith("~/") ? join(homedir(), path.slice(1)) : resolve(path);
}

/** Otherwise a power cut could take the name of a file whose content is safe. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function explained(path: string, error: unknown): Error {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "EEXIST") return new Error(`${path} exists, and nothing is overwritten: name another file`);
  if (code === "ENOENT") return new Error(`There is no directory ${dirname(path)}`);
  if (code === "ENOTDIR") return new Error(`${dirname(path)} is no directory`);
  if (code === "EACCES" || code === "EROFS") return new Error(`You may not write in ${dirname(path)}`);
  if (code === "ENOSPC") return new Error(`There is no room left for ${path}`);
  return asError(error);
}
