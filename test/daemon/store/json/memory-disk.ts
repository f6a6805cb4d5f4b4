import { constants } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { basename, dirname } from "node:path";
import type { FileSystem } from "../../../../daemon/store/json/files.ts";
import type { Chance } from "../../../faults/effort.ts";

/** Written but not synced bytes reach a disk in such pieces, in any order. */
const SECTOR = 512;

interface File {
  mode: number;
  ino: number;
  bytes: Buffer;
  /** As of the last sync. */
  durable: Buffer;
}

interface Folder {
  mode: number;
  ino: number;
  entries: Map<string, Node>;
  /** As of the last sync; what was done to names since then reaches the disk in any selection. */
  durable: Map<string, Node>;
  unsynced: ((names: Map<string, Node>) => void)[];
}

type Node = File | Folder;

let lastIno = process.pid * 1e6;

/**
 * A file system in memory that keeps apart what was written and what is on disk, and can lose its power. It promises
 * no more than POSIX does: bytes are safe once their file was synced, names once their directory was. (ext4 in its
 * usual mode promises more, which hides a missing sync of a directory.)
 */
export class MemoryDisk {
  #root: Folder;

  constructor() {
    this.#root = newFolder(0o700);
  }

  /** What to hand to the store. */
  readonly files = {
    link: async (from: string, to: string) => this.#add(to, this.#node(from)),
    mkdir: async (path: string, { mode }: { mode: number }) => {
      this.#add(path, newFolder(mode));
    },
    open: async (path: string, flags: string | number = "r", mode = 0o600) => this.#open(path, flags, mode),
    readdir: async (path: string) => [...this.#folder(path).entries.keys()],
    rename: async (from: string, to: string) => this.#rename(from, to),
    rm: async (path: string) => this.#remove(path),
    stat: async (path: string) => statOf(this.#node(path)),
    unlink: async (path: string) => this.#remove(path),
  } as unknown as FileSystem;

  /** The disk as it is found after a power cut at this moment. */
  afterPowerCut(chance: Chance): MemoryDisk {
    return this.#copy((node) => ("bytes" in node ? cutFile(node, chance) : cutFolder(node, chance)));
  }

  /** The disk as it is found after the process was killed at this moment. */
  afterKill(): MemoryDisk {
    return this.#copy((node) => ("bytes" in node ? node.bytes : node.entries));
  }

  read(path: string): Buffer {
    return this.#file(path).bytes;
  }

  write(path: string, bytes: Buffer): void {
    const file = newFile(0o600);
    file.bytes = bytes;
    file.durable = bytes;
    const { entries, durable } = this.#folder(dirname(path));
    entries.set(basename(path), file);
    durable.set(basename(path), file);
  }

  #copy(found: (node: Node) => Buffer | Map<string, Node>): MemoryDisk {
    const copies = new Map<Node, Node>();
    const copyOf = (node: Node): Node => {
      const copy = copies.get(node) ?? copied(node);
      copies.set(node, copy);
      return copy;
    };
    const copied = (node: Node): Node => {
      const content = found(node);
      if (Buffer.isBuffer(content)) return { ...newFile(node.mode), bytes: content, durable: content };
      const entries = new Map([...content].map(([name, of]) => [name, copyOf(of)]));
      return { ...newFolder(node.mode), entries, durable: new Map(entries) };
    };
    const disk = new MemoryDisk();
    disk.#root = copyOf(this.#root) as Folder;
    return disk;
  }

  #open(path: string, flags: string | number, mode: number): FileHandle {
    const found = this.#find(path);
    const how = String(flags);
    const creates = typeof flags === "number" ? (flags & constants.O_CREAT) !== 0 : /[wa]/.test(flags);
    if (found && how.includes("x")) throw failed("EEXIST", path);
    if (!found && !creates) throw failed("ENOENT", path);
    const node = found ?? newFile(mode);
    if (!found) this.#add(path, node);
    if ("bytes" in node && how.startsWith("w")) node.bytes = Buffer.alloc(0);
    return ("bytes" in node ? fileHandle(node, how) : folderHandle(node)) as unknown as FileHandle;
  }

  #add(path: string, node: Node): void {
    if (this.#find(path)) throw failed("EEXIST", path);
    this.#change(dirname(path), (names) => names.set(basename(path), node));
  }

  #remove(path: string): void {
    this.#node(path);
    this.#change(dirname(path), (names) => names.delete(basename(path)));
  }

  #rename(from: string, to: string): void {
    const node = this.#node(from);
    if (this.#find(to) === node) return;
    if (dirname(from) === dirname(to)) {
      this.#change(dirname(from), (names) => {
        names.delete(basename(from));
        names.set(basename(to), node);
      });
    } else {
      this.#change(dirname(to), (names) => names.set(basename(to), node));
      this.#change(dirname(from), (names) => names.delete(basename(from)));
    }
  }

  #change(path: string, change: (names: Map<string, Node>) => void): void {
    const folder = this.#folder(path);
    change(folder.entries);
    folder.unsynced.push(change);
  }

  #find(path: string): Node | undefined {
    const names = path.split("/").filter(Boolean);
    let node: Node | undefined = this.#root;
    for (const name of names) node = node && "entries" in node ? node.entries.get(name) : undefined;
    return node;
  }

  #node(path: string): Node {
    const node = this.#find(path);
    if (!node) throw failed("ENOENT", path);
    return node;
  }

  #file(path: string): File {
    const node = this.#node(path);
    if ("bytes" in node) return node;
    throw failed("EISDIR", path);
  }

  #folder(path: string): Folder {
    const node = this.#node(path);
    if ("entries" in node) return node;
    throw failed("ENOTDIR", path);
  }
}

/** What is on disk of a file: as synced, as written, or of each sector the one or the other, or never written. */
function cutFile({ bytes, durable }: File, chance: Chance): Buffer {
  if (bytes === durable) return bytes;
  const kind = chance.pick(["synced", "written", "shorter", "sectors"]);
  if (kind === "synced") return durable;
  if (kind === "written") return bytes;
  const grown = Math.max(bytes.length, durable.length);
  if (kind === "shorter")
    return bytes.subarray(0, chance.between(Math.min(bytes.length, durable.length), grown));
  const found = Buffer.alloc(grown);
  durable.copy(found);
  for (let start = 0; start < bytes.length; start += SECTOR) {
    if (chance.next() < 0.5) bytes.copy(found, start, start, start + SECTOR);
  }
  return found.subarray(0, bytes.length);
}

function cutFolder({ durable, unsynced }: Folder, chance: Chance): Map<string, Node> {
  const names = new Map(durable);
  const all = chance.next() < 0.25;
  for (const change of unsynced) if (all || chance.next() < 0.5) change(names);
  return names;
}

function fileHandle(file: File, flags: string) {
  let at = 0;
  return {
    stat: async () => statOf(file),
    read: async (
      buffer: Buffer,
      offset?: number | { position: number },
      length?: number,
      position?: number,
    ) => {
      const from = typeof offset === "object" ? offset.position : (position ?? 0);
      const into = typeof offset === "object" ? 0 : (offset ?? 0);
      const bytesRead = file.bytes.copy(buffer, into, from, from + (length ?? buffer.length));
      return { bytesRead, buffer };
    },
    readFile: async () => Buffer.from(file.bytes),
    write: async (buffer: Buffer, offset: number, length: number, position: number | null) => {
      const start = flags.startsWith("a") ? file.bytes.length : (position ?? at);
      const added = buffer.subarray(offset, offset + length);
      file.bytes = Buffer.concat([file.bytes.subarray(0, start), added, file.bytes.subarray(start + length)]);
      if (position === null) at = start + length;
      return { bytesWritten: length, buffer };
    },
    writeFile: async (bytes: Buffer) => {
      file.bytes = Buffer.concat([file.bytes.subarray(0, at), bytes]);
      at = file.bytes.length;
    },
    truncate: async (length = 0) => {
      file.bytes = file.bytes.subarray(0, length);
    },
    sync: async () => {
      file.durable = file.bytes;
    },
    datasync: async () => {
      file.durable = file.bytes;
    },
    close: async () => {},
  };
}

function folderHandle(folder: Folder) {
  return {
    stat: async () => statOf(folder),
    sync: async () => {
      folder.durable = new Map(folder.entries);
      folder.unsynced = [];
    },
    close: async () => {},
  };
}

function statOf(node: Node) {
  const isFolder = "entries" in node;
  const { mode, ino } = node;
  const size = isFolder ? 0 : node.bytes.length;
  return {
    size,
    ino,
    dev: 0,
    uid: process.geteuid?.(),
    mode: mode | (isFolder ? 0o40000 : 0o100000),
    isDirectory: () => isFolder,
    isFile: () => !isFolder,
  };
}

function newFile(mode: number): File {
  lastIno += 1;
  return { mode, ino: lastIno, bytes: Buffer.alloc(0), durable: Buffer.alloc(0) };
}

function newFolder(mode: number): Folder {
  lastIno += 1;
  return { mode, ino: lastIno, entries: new Map(), durable: new Map(), unsynced: [] };
}

function failed(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}
