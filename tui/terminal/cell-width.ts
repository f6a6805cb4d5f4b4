import stringWidth from "string-width";

/** Of characters that are harmless, stand alone and take one cell in every terminal; most text is of nothing else. */
export const NARROW =
  /^[\x20-\x7e\xa1-\xac\xae-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e\u2190-\u22ff\u2500-\u25fc]*$/;
/** The same with kana, Han and Hangul, which take two. */
const PLAIN =
  /^[\x20-\x7e\xa1-\xac\xae-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e\u2190-\u22ff\u2500-\u25fc\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff\uac00-\ud7a3]*$/;
const WIDE = /[\u3041-\ud7a3]/g;

/** Whether every code unit of `text` is a harmless character of its own, of a width that is beyond doubt. */
export function isPlain(text: string): boolean {
  return PLAIN.test(text);
}

/** Terminal cells that `text` takes. */
export function cellsOf(text: string): number {
  if (NARROW.test(text)) return text.length;
  if (PLAIN.test(text)) return text.length + (text.match(WIDE)?.length ?? 0);
  return stringWidth(text, { countAnsiEscapeCodes: true });
}
