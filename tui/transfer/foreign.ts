import { type Document, LineCounter, parseDocument } from "yaml";
import { type ImportedUser, themes } from "../../protocol/index.ts";
import { Failure } from "../failure.ts";
import { parseJson } from "./json-rows.ts";
import { type Chunks, wholeText } from "./source-file.ts";

/** A user of another system, with what is carried over; no hash or key ever is. */
export interface ForeignUser {
  user: ImportedUser;
  /** The groups or roles there, by whatever names or numbers. */
  groups: string[];
}

export type ForeignFormat = "octoprint" | "dandelion" | "erizos";

/** Such systems have thousands of users at most, and their files are read whole. */
const MOST_CHARACTERS = 32 * 1024 * 1024;

type Fields = Record<string, unknown>;

/** All users in a file of another system. Throws where it is not such a file. */
export async function foreignUsers(
  format: ForeignFormat,
  file: string,
  chunks: Chunks,
): Promise<ForeignUser[]> {
  const text = await wholeText(file, chunks, MOST_CHARACTERS);
  return readers[format](file, text);
}

const readers: Record<ForeignFormat, (file: string, text: string) => ForeignUser[]> = {
  octoprint: readOctoPrint,
  dandelion: readDandelion,
  erizos: readErizos,
};

/** OctoPrint's `users.yaml`: name → what is known; before groups there were roles. */
function readOctoPrint(file: string, text: string): ForeignUser[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: true });
  const [error] = document.errors;
  if (error)
    throw new Failure(`${file}, line ${error.linePos?.[0].line ?? 1}: this is not YAML (${error.code})`);
  return Object.entries(objectOf(file, plain(file, document))).map(([username, value]) => {
    const there = objectOf(`${file}, user ${username}`, value);
    const settings = Object.keys(Object(there.settings)).length > 0 && {
      settings: { octoprint: there.settings },
    };
    const user = { username, ...onlyBoolean("active", there.active), ...settings } as ImportedUser;
    const groups = namesIn(there.groups);
    return { user, groups: groups.length > 0 ? groups : namesIn(there.roles) };
  });
}

/** Aliases of aliases could make gigabytes of a few lines. */
function plain(file: string, document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    throw new Failure(`${file}: ${error.message}`);
  }
}

/** Dandelion's answer to `users.getusers`: numbers are strings in it, and groups go by their numbers. */
function readDandelion(file: string, text: string): ForeignUser[] {
  const answer = objectOf(file, parseJson(file, text));
  return Object.values(objectOf(`${file}, "data"`, answer.data)).map((value, index) => {
    const there = objectOf(`${file}, user ${index + 1}`, value);
    const theme = themes.find((name) => name === String(there.theme).toLowerCase());
    const user = {
      username: there.username,
      ...(typeof there.fullname === "string" && { fullName: there.fullname }),
      ...(theme && { theme }),
      ...(there.disabled !== undefined && { active: String(there.disabled) === "0" }),
    } as ImportedUser;
    return { user, groups: there.group_id === undefined ? [] : [String(there.group_id)] };
  });
}

/** Erizos' answer to `/api/users`: ids and times stay behind. */
function readErizos(file: string, text: string): ForeignUser[] {
  const answer = parseJson(file, text);
  if (!Array.isArray(answer)) throw new Failure(`${file}: here should be one array of users`);
  return answer.map((value, index) => {
    const there = objectOf(`${file}, user ${index + 1}`, value);
    const fullName = there.fullName ?? there.name;
    const user = {
      username: there.username,
      ...(typeof fullName === "string" && { fullName }),
      ...onlyBoolean("active", there.active),
      ...(typeof there.settings === "object" && there.settings !== null && { settings: there.settings }),
    } as ImportedUser;
    return { user, groups: namesIn(there.roles) };
  });
}

function objectOf(where: string, value: unknown): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  throw new Failure(`${where}: here should be an object`);
}

function namesIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((name) => typeof name === "string") : [];
}

function onlyBoolean(field: string, value: unknown): Fields {
  return typeof value === "boolean" ? { [field]: value } : {};
}
