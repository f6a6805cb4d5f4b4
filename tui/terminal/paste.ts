const END = "\x1b[201~";
/** The most that one paste keeps, in code units; what is beyond is dropped. */
const LONGEST_PASTE = 1_000_000;

export interface PasteCollector {
  /** Takes what follows the paste's start. `used` code units belong to it; `pasted` is its text once the end is seen. */
  push(text: string): { used: number; pasted?: string };
  /** What came so far, and starts anew. */
  give(): string;
}

/** Collects a bracketed paste, whose end marker may be cut anywhere, in linear time. */
export function createPasteCollector(): PasteCollector {
  let pieces: string[] = [];
  let length = 0;
  let tail = "";

  function keep(text: string): void {
    const piece = text.slice(0, Math.max(0, LONGEST_PASTE - length));
    length += piece.length;
    if (piece !== "") pieces.push(piece);
  }

  function give(): string {
    const text = pieces.join("") + tail;
    pieces = [];
    length = 0;
    tail = "";
    return cleaned(text);
  }

  return {
    give,
    push(text) {
      const seen = tail + text;
      const end = seen.indexOf(END);
      if (end === -1) {
        const held = Math.min(seen.length, END.length - 1);
        keep(seen.slice(0, seen.length - held));
        tail = seen.slice(seen.length - held);
        return { used: text.length };
      }
      const used = end + END.length - tail.length;
      keep(seen.slice(0, end));
      tail = "";
      return { used, pasted: give() };
    },
  };
}

function cleaned(text: string): string {
  return text
    .replaceAll(/\r\n?/g, "\n")
    .replaceAll("\t", " ")
    .replaceAll(/[\x00-\x09\x0b-\x1f\x7f-\x9f\ufffd]/g, "");
}
