import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig, type Plugin } from "rolldown";
import { NARROW } from "./tui/terminal/cell-width.ts";

const packages = join(import.meta.dirname, "node_modules");

/** The licences of the packages that a program contains, as they ask for, in LICENSES.txt beside it. */
const licences: Plugin = {
  name: "licences",
  generateBundle(_options, bundle) {
    const modules = Object.values(bundle).flatMap((file) => (file.type === "chunk" ? file.moduleIds : []));
    const roots = modules.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? []);
    const source = [...new Set(roots)]
      .sort()
      .map(licenceOf)
      .join(`\n${"-".repeat(80)}\n\n`);
    this.emitFile({ type: "asset", fileName: "LICENSES.txt", source });
  },
};

function licenceOf(root: string): string {
  const { name, version, license, author } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const file = readdirSync(root).find((entry) => /^licen[cs]e/i.test(entry));
  const by = typeof author === "object" ? author.name : author;
  const text = file ? readFileSync(join(root, file), "utf8") : `${license} license${by ? `, ${by}` : ""}\n`;
  return `${name} ${version} (${license})\n\n${text}`;
}

/**
 * What is amended of a package: the file, and what stands there for what. Node loads the emoji of Unicode as soon as it
 * reads a pattern that names them, which is a tenth of the terminal UI's start; so Ink's measure of texts gets the
 * pattern late, and does without it for as many texts as our own does. And Ink keeps the size of every text that was
 * ever shown: a terminal UI that stays open would grow with every change that it shows.
 */
const amendments: Record<string, Record<string, string>> = {
  "string-width/index.js": {
    "const segmenter": "let rgiEmoji;\nconst segmenter",
    "/^[\\u0020-\\u007E]*$/": String(NARROW),
    "/^\\p{RGI_Emoji}$/v":
      "{ test: (text) => (rgiEmoji ??= new RegExp('^\\\\p{RGI_Emoji}$', 'v')).test(text) }",
  },
  "ink/build/measure-text.js": { "cache.set(text, dimensions);": "" },
};

const amended: Plugin = {
  name: "amended",
  transform(code, id) {
    const changes = Object.entries(amendments[id.replace(`${packages}/`, "")] ?? {});
    return changes.reduce((changed, [from, to]) => {
      if (!changed.includes(from)) throw new Error(`${id} no longer says ${from}`);
      return changed.replace(from, () => to);
    }, code);
  },
};

/** Each program in one file, for it starts in half the time: see test/bench/README.md, `start`. */
const program = {
  platform: "node",
  output: { cleanDir: true, entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js" },
} as const;

export default defineConfig([
  {
    ...program,
    plugins: [licences],
    input: { main: "daemon/main.ts" },
    output: { ...program.output, dir: "dist/daemon" },
  },
  {
    ...program,
    plugins: [licences, amended],
    input: { main: "tui/main.tsx" },
    external: ["react-devtools-core"],
    // React's and Ink's development builds are slow and print warnings; Yoga asks whether there is a fetch, which Node
    // then loads for nothing.
    transform: {
      define: { "process.env.NODE_ENV": '"production"', "process.env.DEV": '"false"', fetch: "undefined" },
      inject: {
        "Intl.Segmenter": [join(import.meta.dirname, "tui/terminal/late-segmenter.ts"), "LateSegmenter"],
      },
    },
    output: { ...program.output, dir: "dist/tui" },
  },
]);
