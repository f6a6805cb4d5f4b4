import { type Member, TarProblem } from "./tar.ts";

/*
 * A backup is a tar file: the folder roster-backup with manifest.json (where in the history it was taken), users.json
 * (the snapshot), journal-*.jsonl (what followed it), audit/ (what was sealed), and at last SHA256SUMS over all of
 * them, as sha256sum(1) writes and checks it.
 */
const FOLDER = "roster-backup/";
export const MANIFEST = "manifest.json";
export const SUMS = "SHA256SUMS";
/** Where the daemon writes them, in the data directory. */
export const BACKUPS = "backups";
/** The version of the backup's form. */
export const BACKUP_FORMAT = 1;

/** Nothing that leads out of the folder it is unpacked into, and nothing hidden. */
const NAME = /^(?:audit\/)?[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$/;

/** Where in the history a backup was taken. */
export interface Manifest {
  format: number;
  createdAt: string;
  epoch: string;
  /** The tip: the last position in it, and the chain's hash there, hex. */
  seq: number;
  hash: string;
}

/** A file with its checksum. */
export interface Sum {
  name: string;
  /** Hex. */
  sha256: string;
}

export function memberNameOf(name: string): string {
  return FOLDER + name;
}

/** The name within the folder; throws `TarProblem` for what no backup holds. */
export function nameOfMember(member: Member): string {
  const name = member.name.startsWith(FOLDER) ? member.name.slice(FOLDER.length) : "";
  if (!NAME.test(name)) throw new TarProblem(`${JSON.stringify(member.name)} has no place in a backup`);
  return name;
}

/** As sha256sum(1) writes them. */
export function sumsText(sums: readonly Sum[]): string {
  return sums.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join("");
}

export function manifestText(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
