/** How a cell is drawn: SGR parameters in a fixed order, such as `1;7;36`; the empty string is the terminal's default. */
export type Style = string;

/** Attributes that are only on or off, with what turns each off; bold and dim share theirs (ECMA-48 8.3.117). */
const OFF: Readonly<Record<string, string>> = {
  1: "22",
  2: "22",
  3: "23",
  4: "24",
  5: "25",
  7: "27",
  8: "28",
  9: "29",
};

/** Underline, inverse, strike-through, a background; a foreground's number that looks like one does no harm. */
const SEEN_ON_BLANK = /(?:^|;)(?:[479]|4[0-8]|10[0-7])(?:;|$)/;

/** The style after the parameters of one `CSI … m` sequence. Unknown parameters change nothing. */
export function applySgr(style: Style, parameters: string): Style {
  const now = slotsOf(style);
  const codes = parameters.split(";");
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] ?? "";
    const extended = code === "38" || code === "48" ? extendedLength(codes[at + 1]) : 0;
    applyCode(now, Number(code), codes.slice(at, at + 1 + extended).join(";"));
    at += extended;
  }
  return styleOf(now);
}

/** What is seen of a style on a space: nothing, where neither lines nor a background are drawn. */
export function onBlank(style: Style): Style {
  return SEEN_ON_BLANK.test(style) ? style : "";
}

/** The shortest bytes that change the drawing style of a terminal. */
export function sgrTransition(from: Style, to: Style): string {
  if (from === to) return "";
  if (to === "") return "\x1b[m";
  const anew = `\x1b[0;${to}m`;
  const changed = `\x1b[${difference(slotsOf(from), slotsOf(to)).join(";")}m`;
  return changed.length <= anew.length ? changed : anew;
}

type Slots = Map<string, string>;

function slotsOf(style: Style): Slots {
  const slots: Slots = new Map();
  if (style === "") return slots;
  const codes = style.split(";");
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] ?? "";
    const extended = code === "38" || code === "48" ? extendedLength(codes[at + 1]) : 0;
    slots.set(slotOf(Number(code)), codes.slice(at, at + 1 + extended).join(";"));
    at += extended;
  }
  return slots;
}

function styleOf(slots: Slots): Style {
  return [...slots]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, code]) => code)
    .join(";");
}

/** Slots are named so that their order is the order in which a style lists them. */
function slotOf(code: number): string {
  if (code < 10) return String(code);
  return isForeground(code) ? "fg" : "zbg";
}

function applyCode(slots: Slots, code: number, whole: string): void {
  if (code === 0) slots.clear();
  else if (code in OFF || isForeground(code) || isBackground(code)) slots.set(slotOf(code), whole);
  else if (code === 39) slots.delete("fg");
  else if (code === 49) slots.delete("zbg");
  else for (const [on, off] of Object.entries(OFF)) if (Number(off) === code) slots.delete(on);
}

function difference(from: Slots, to: Slots): string[] {
  const codes = new Set<string>();
  for (const slot of from.keys()) if (!to.has(slot)) codes.add(offCode(slot));
  const weightGone = codes.has("22");
  for (const [slot, code] of to) {
    if (from.get(slot) !== code || (weightGone && OFF[slot] === "22")) codes.add(code);
  }
  return [...codes];
}

function offCode(slot: string): string {
  if (slot === "fg") return "39";
  if (slot === "zbg") return "49";
  return OFF[slot] ?? "0";
}

function isForeground(code: number): boolean {
  return (code >= 30 && code <= 38) || (code >= 90 && code <= 97);
}

function isBackground(code: number): boolean {
  return (code >= 40 && code <= 48) || (code >= 100 && code <= 107);
}

/** Further parameters of an extended colour: `5;n` or `2;r;g;b`. */
function extendedLength(kind: string | undefined): number {
  if (kind === "5") return 2;
  return kind === "2" ? 4 : 0;
}
