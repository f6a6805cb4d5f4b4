import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { onTestFinished } from "vitest";

const IMAGE_BYTES = "64M";
/** FS_IOC_SHUTDOWN with FSOP_GOING_FLAGS_NOLOGFLUSH of linux/fs.h: from now on nothing more reaches the disk. */
const SHUTDOWN = 0x8004587d;
const NO_LOG_FLUSH = 2;

/** Node has no ioctl; each of these has. They open the directory, and cut when a line comes. */
const cutters: [string, string[]][] = [
  [
    "perl",
    [
      "-MFcntl",
      "-e",
      `my $flag = pack("L", ${NO_LOG_FLUSH}); sysopen(D, $ARGV[0], O_RDONLY) or die "$!\\n"; $| = 1; print "\\n"; <STDIN>; ioctl(D, ${SHUTDOWN}, $flag) or die "$!\\n"`,
    ],
  ],
  [
    "python3",
    [
      "-c",
      `import fcntl, os, struct, sys; d = os.open(sys.argv[1], os.O_RDONLY); print(flush=True); sys.stdin.readline(); fcntl.ioctl(d, ${SHUTDOWN}, struct.pack("I", ${NO_LOG_FLUSH}))`,
    ],
  ],
];

/** Why file systems cannot be mounted here; null when they can. */
export function whyNoMounts(): string | null {
  if (process.platform !== "linux") return "only Linux can cut the power of a mounted file system";
  if (process.getuid?.() !== 0) return "mounting needs root";
  for (const tool of ["mkfs.ext4", "mount", "umount"]) if (!isThere(tool)) return `there is no ${tool}`;
  if (!existsSync("/dev/loop-control")) return "there are no loop devices";
  if (!cutters.some(([tool]) => isThere(tool)))
    return "there is neither perl nor python3 to ask for the power cut by";
  return null;
}

/** A file system of the test's own, unmounted when it ends, however it does. */
export class Mount {
  readonly directory: string;
  readonly #source: readonly string[];
  #isMounted = false;

  private constructor(directory: string, source: readonly string[]) {
    this.directory = directory;
    this.#source = source;
    const unmount = () => this.unmount();
    process.once("exit", unmount);
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
    onTestFinished(() => {
      unmount();
      process.removeListener("exit", unmount);
      rmSync(join(directory, ".."), { recursive: true });
    });
  }

  /** ext4 in an image. Renaming does not flush data by itself, which hides a missing sync; nor do five seconds. */
  static ext4(options = "noauto_da_alloc,commit=300"): Mount {
    const { image, directory } = places();
    run("truncate", "-s", IMAGE_BYTES, image);
    run("mkfs.ext4", "-q", "-F", image);
    return new Mount(directory, ["-t", "ext4", "-o", `loop,${options}`, image]).mount();
  }

  /** Memory of so many bytes. */
  static tmpfs(bytes: number): Mount {
    return new Mount(places().directory, ["-t", "tmpfs", "-o", `size=${bytes}`, "tmpfs"]).mount();
  }

  mount(): this {
    run("mount", ...this.#source, this.directory);
    this.#isMounted = true;
    return this;
  }

  /** What ext4 mounted with errors=remount-ro does at an error of the disk; it is over when it is mounted again. */
  failReadOnly(): void {
    const { stdout } = spawnSync("findmnt", ["-n", "-o", "SOURCE", this.directory], { encoding: "utf8" });
    writeFileSync(`/sys/fs/ext4/${basename(stdout.trim())}/trigger_fs_error`, "1");
  }

  /** Does nothing where nothing is mounted. */
  unmount(): void {
    if (!this.#isMounted) return;
    run("umount", this.directory);
    this.#isMounted = false;
  }

  /** Resolves with what cuts the power at once, so that whoever is at work is met at work. */
  async cutter(): Promise<() => Promise<void>> {
    const [tool, args] = cutters.find(([tool]) => isThere(tool)) ?? ["perl", []];
    const child = spawn(tool, [...args, this.directory], { stdio: ["pipe", "pipe", "inherit"] });
    await once(child.stdout, "data");
    const ended = once(child, "exit");
    return async () => {
      child.stdin.end("\n");
      const [code] = await ended;
      if (code !== 0) throw new Error(`${tool} could not cut the power of ${this.directory}`);
    };
  }
}

function places(): { image: string; directory: string } {
  const parent = mkdtempSync(join(tmpdir(), "roster-faults-"));
  const directory = join(parent, "mount");
  run("mkdir", directory);
  return { image: join(parent, "image"), directory };
}

function isThere(tool: string): boolean {
  return spawnSync("sh", ["-c", `command -v ${tool}`]).status === 0;
}

function run(tool: string, ...args: string[]): void {
  const { status, stderr, error } = spawnSync(tool, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${tool} ${args.join(" ")}: ${error?.message ?? stderr}`);
}
