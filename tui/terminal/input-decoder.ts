import { type InputEvent, namedKey, textKey } from "./input-events.ts";
import { consoleKey, controlKey, csiKey, ss3Key } from "./key-sequences.ts";
import { createPasteCollector } from "./paste.ts";
import { graphemes } from "./safe-text.ts";
import { type StartTimer, startTimer } from "./timers.ts";

export interface InputDecoder {
  push(bytes: Uint8Array): void;
  /** Forgets what is unfinished and stops the timer. */
  close(): void;
}

export interface InputDecoderOptions {
  onEvent(event: InputEvent): void;
  startTimer?: StartTimer;
}

/** After an ESC, this long in silence makes it the Escape key. */
const ESCAPE_MS = 50;
/** An unfinished sequence is given up after this long, so that Alt-] does not swallow what is typed next. */
const SEQUENCE_MS = 500;
/** A paste whose end was lost is delivered after this long in silence. */
const PASTE_MS = 5_000;
/** Real sequences are far shorter; the rest of a longer one is skipped, not kept. */
const LONGEST_PARAMETERS = 32;
/** The longest emoji has about 35 code units; anything longer in one character is no key. */
const LONGEST_GRAPHEME = 64;

const TYPED = /[^\x00-\x1f\x7f-\x9f]+/y;
const CONTROL_STRING = /[^\x07\x18\x1a\x1b\x9c]+/y;

type State = "ground" | "escape" | "csi" | "ss3" | "console" | "mouse" | "string" | "string-escape" | "paste";

/** Decodes what a terminal sends into keys and pastes. Feed it raw bytes, cut anywhere; it never throws and takes linear time. */
export function createInputDecoder(options: InputDecoderOptions): InputDecoder {
  return new Decoder(options);
}

class Decoder implements InputDecoder {
  readonly #onEvent: (event: InputEvent) => void;
  readonly #startTimer: StartTimer;
  readonly #utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
  readonly #paste = createPasteCollector();
  #state: State = "ground";
  #parameters = "";
  #mouseBytes = 0;
  #sequence = 0;
  #timed = { sequence: 0, state: "ground" as State, cancel: () => {} };

  constructor(options: InputDecoderOptions) {
    this.#onEvent = options.onEvent;
    this.#startTimer = options.startTimer ?? startTimer;
  }

  push(bytes: Uint8Array): void {
    const text = this.#utf8.decode(bytes, { stream: true });
    let at = 0;
    while (at < text.length) at = this.#step(text, at);
    this.#watch();
  }

  close(): void {
    this.#timed.cancel();
    this.#state = "ground";
  }

  /** Consumes at least one code unit, or changes the state so that the next step does; returns where it stopped. */
  #step(text: string, at: number): number {
    switch (this.#state) {
      case "ground":
        return this.#ground(text, at);
      case "escape":
        return this.#escape(text, at);
      case "csi":
        return this.#csi(text, at);
      case "ss3":
        return this.#ss3(text, at);
      case "console":
        return this.#finish(at, consoleKey(text.charAt(at)));
      case "mouse":
        if (--this.#mouseBytes === 0) this.#state = "ground";
        return at + 1;
      case "string":
        return this.#string(text, at);
      case "string-escape":
        this.#state = text[at] === "\\" ? "ground" : "escape";
        return text[at] === "\\" ? at + 1 : at;
      case "paste":
        return this.#pasted(text, at);
    }
  }

  #ground(text: string, at: number): number {
    const code = text.charCodeAt(at);
    if (code === 0x1b) return this.#begin("escape", at);
    if (code < 0x20 || code === 0x7f) {
      this.#onEvent(controlKey(code, false));
      return at + 1;
    }
    const run = matchAt(TYPED, text, at);
    for (const grapheme of graphemes(run)) {
      if (grapheme !== "\ufffd" && grapheme.length <= LONGEST_GRAPHEME) this.#onEvent(textKey(grapheme));
    }
    return at + Math.max(1, run.length);
  }

  #escape(text: string, at: number): number {
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
    const code = text.charCodeAt(at);
    if (character === "\x1b") {
      this.#onEvent(namedKey("escape"));
      return this.#begin("escape", at);
    }
    if (character === "[") return this.#enter("csi", at);
    if (character === "O") return this.#enter("ss3", at);
    if ("]P^_X".includes(character)) return this.#enter("string", at);
    this.#state = "ground";
    if (code < 0x20 || code === 0x7f) this.#onEvent(controlKey(code, true));
    else if (code < 0x80 || code > 0x9f) this.#onEvent(textKey(character, { alt: true }));
    return at + character.length;
  }

  #csi(text: string, at: number): number {
    const code = text.charCodeAt(at);
    const character = text.charAt(at);
    if (code < 0x20 || code > 0x7e) return this.#abort(at);
    if (code < 0x40) return this.#keepParameter(character, at);
    if (this.#parameters === "" && character === "[") return this.#enter("console", at);
    if (this.#parameters === "" && character === "M") {
      this.#mouseBytes = 3;
      return this.#enter("mouse", at);
    }
    if (this.#parameters === "200" && character === "~") return this.#enter("paste", at);
    return this.#finish(at, csiKey(this.#parameters, character));
  }

  #ss3(text: string, at: number): number {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code > 0x7e) return this.#abort(at);
    if (code < 0x40) return this.#keepParameter(text.charAt(at), at);
    return this.#finish(at, ss3Key(this.#parameters, text.charAt(at)));
  }

  #string(text: string, at: number): number {
    const content = matchAt(CONTROL_STRING, text, at);
    if (content !== "") return at + content.length;
    this.#state = text[at] === "\x1b" ? "string-escape" : "ground";
    return at + 1;
  }

  #pasted(text: string, at: number): number {
    const { used, pasted } = this.#paste.push(text.slice(at));
    if (pasted !== undefined) this.#finishPaste(pasted);
    return at + used;
  }

  #finishPaste(text: string): void {
    this.#state = "ground";
    this.#onEvent({ kind: "paste", text });
  }

  #begin(state: State, at: number): number {
    this.#sequence++;
    return this.#enter(state, at);
  }

  #enter(state: State, at: number): number {
    this.#state = state;
    this.#parameters = "";
    return at + 1;
  }

  #keepParameter(character: string, at: number): number {
    if (this.#parameters.length < LONGEST_PARAMETERS) this.#parameters += character;
    return at + 1;
  }

  /** A control character ends a sequence and counts itself. */
  #abort(at: number): number {
    this.#state = "ground";
    return at;
  }

  #finish(at: number, event: InputEvent | undefined): number {
    this.#state = "ground";
    if (event) this.#onEvent(event);
    return at + 1;
  }

  /** Sees to it that nothing unfinished stays so: a paste is timed from its last byte, anything else from its first. */
  #watch(): void {
    const { sequence, state, cancel } = this.#timed;
    const same = sequence === this.#sequence && state === this.#state && state !== "paste";
    if (same && state !== "ground") return;
    cancel();
    this.#timed = { sequence: this.#sequence, state: this.#state, cancel: () => {} };
    if (this.#state === "ground") return;
    const ms = this.#state === "escape" ? ESCAPE_MS : this.#state === "paste" ? PASTE_MS : SEQUENCE_MS;
    this.#timed.cancel = this.#startTimer(() => this.#expire(), ms);
  }

  #expire(): void {
    const state = this.#state;
    this.#state = "ground";
    this.#timed = { sequence: this.#sequence, state: "ground", cancel: () => {} };
    if (state === "escape") this.#onEvent(namedKey("escape"));
    if (state === "paste") this.#finishPaste(this.#paste.give());
  }
}

function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? "";
}
