import { readFileSync, statSync } from "node:fs";
import { misuse } from "../failure.ts";

/** The API key from the file, else from `$ROSTER_KEY`; undefined when there is neither. */
export function findKey(file: string | undefined, env = process.env): string | undefined {
  if (file !== undefined) return readKeyFile(file);
  return env.ROSTER_KEY?.trim() || undefined;
}

function readKeyFile(file: string): string {
  const { content, mode } = readWithMode(file);
  if ((mode & 0o077) !== 0) {
    throw misuse(`the key file ${file} can be read by others: chmod 600 ${file}`);
  }
  const key = content.trim();
  if (key === "") throw misuse(`the key file ${file} is empty: it holds one key, rk_…`);
  if (/\s/.test(key)) throw misuse(`the key file ${file} holds more than one word: it holds one key, rk_…`);
  return key;
}

function readWithMode(file: string): { content: string; mode: number } {
  try {
    return { mode: statSync(file).mode, content: readFileSync(file, "utf8") };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") throw misuse(`the key file ${file} does not exist`);
    if (code === "EACCES") throw misuse(`the key file ${file} cannot be read by you`);
    if (code === "EISDIR") throw misuse(`the key file ${file} is a directory`);
    throw error;
  }
}
