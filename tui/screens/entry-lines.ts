import type { Actor, Entry } from "../../protocol/index.ts";
import type { Tone } from "../theme.ts";

/** One line of an entry that is shown whole. */
export interface EntryLine {
  readonly text: string;
  readonly tone: Tone;
}

/** The object that an entry is about, as it was after it. */
export type EntryObject = Readonly<Record<string, unknown>>;

/** What changes by itself and says nothing about what was done. */
const byThemselves = new Set([
  "updatedAt",
  "revision",
  "lastLoginAt",
  "lastSeenAt",
  "lastUsedAt",
  "lastUsedFrom",
  "useCount",
  "openConnections",
  "activeKeys",
  "assigned",
]);
const LABEL_CELLS = 10;

/** The object that an entry is about, in its data; null where it carries none. Of two keys it is the one that was rotated. */
export function objectOf({ subject, data }: Entry): EntryObject | null {
  if (!subject) return null;
  const objects = Object.values(data).filter(isObject);
  const own = data[subject.kind];
  return objects.find(({ id }) => id === subject.id) ?? (isObject(own) ? own : null);
}

function isObject(value: unknown): value is EntryObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The user whom an entry is about, or whose key or session; null where it is about none. */
export function userOf(entry: Entry): { id: string; username: string } | null {
  const { subject } = entry;
  if (!subject) return null;
  const { id, kind, name } = subject;
  if (kind === "user" || kind === "settings" || kind === "presence") return { id, username: name };
  const { userId, username } = objectOf(entry) ?? {};
  return typeof userId === "string" && typeof username === "string" ? { id: userId, username } : null;
}

/** An entry in full: who did what to whom, what changed against the object `before` it, then all of its data. */
export function entryLines(entry: Entry, before: EntryObject | null): EntryLine[] {
  const changes = changeLines(entry, before);
  return [
    ...headLines(entry),
    ...(changes.length > 0 ? [blank, { text: "Changed", tone: "accent" } as const, ...changes] : []),
    ...dataLines(entry),
  ];
}

/** Who did it, in words: `ada from 127.0.0.1`, `the key mia/backup`. */
export function actorText({ kind, name, address }: Actor): string {
  const who = kind === "key" ? `the key ${name ?? "?"}` : (name ?? kind);
  const how = kind === "local" && name !== null ? " (over the socket)" : "";
  return who + how + (address === null ? "" : ` from ${address}`);
}

/** Whom or what an entry is about, by name: a key with its owner, `mia/backup`. */
export function subjectText(entry: Entry): string {
  const { subject } = entry;
  if (subject?.kind !== "key") return subject?.name ?? "-";
  const owner = userOf(entry);
  return owner ? `${owner.username}/${subject.name}` : subject.name;
}

/** Which fields an entry says that it changed. */
export function changedFields({ data: { changed } }: Entry): string[] {
  return Array.isArray(changed) ? changed.filter((field) => typeof field === "string") : [];
}

const blank: EntryLine = { text: "", tone: "plain" };

function headLines(entry: Entry): EntryLine[] {
  const { at, type, actor, subject, outcome, count, seq } = entry;
  const line = (label: string, text: string, tone: Tone = "plain") => ({
    text: label.padEnd(LABEL_CELLS) + text,
    tone,
  });
  return [
    line("When", `${at.slice(0, 10)} ${at.slice(11, 23)} UTC`),
    line("What", type),
    line("Who", actorText(actor)),
    line("About", subject ? `${subject.kind} ${subjectText(entry)} (${subject.id})` : "-"),
    line("Outcome", count > 1 ? `${outcome}, ${count} times` : outcome, outcomeTone(entry)),
    line("Position", String(seq)),
  ];
}

/** What went wrong or was refused stands out. */
export function outcomeTone({ outcome, type }: Entry): Tone {
  if (outcome === "failed") return "warning";
  return outcome === "denied" || type === "key.reused" ? "danger" : "plain";
}

function changeLines(entry: Entry, before: EntryObject | null): EntryLine[] {
  const after = objectOf(entry);
  const named = changedFields(entry);
  // Settings are named by path, and their values are nowhere.
  if (!after) return named.map((path) => ({ text: `~ ${path}`, tone: "warning" }));
  const fields = named.length > 0 ? named : before ? differingFields(before, after) : [];
  return fields.flatMap((field) => {
    const line = (sign: string, value: unknown, tone: Tone) => ({
      text: `${sign} ${field}: ${valueText(value)}`,
      tone,
    });
    const now = line("+", after[field], "good");
    return before ? [line("-", before[field], "danger"), now] : [now];
  });
}

function differingFields(before: EntryObject, after: EntryObject): string[] {
  return Object.keys(after).filter(
    (field) => !byThemselves.has(field) && JSON.stringify(before[field]) !== JSON.stringify(after[field]),
  );
}

function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.map(String).join(", ") || "none";
  if (typeof value === "string") return value === "" ? '""' : value;
  return JSON.stringify(value) ?? "-";
}

function dataLines({ data }: Entry): EntryLine[] {
  if (Object.keys(data).length === 0) return [];
  const json = JSON.stringify(data, null, 2).split("\n");
  return [blank, { text: "Data", tone: "accent" }, ...json.map((text) => ({ text, tone: "muted" }) as const)];
}
