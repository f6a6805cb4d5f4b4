import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createInputDecoder } from "../../../tui/terminal/input-decoder.ts";
import { type InputEvent, namedKey, textKey } from "../../../tui/terminal/input-events.ts";
import { createFakeTimers } from "./fake-timers.ts";

function listen() {
  const events: InputEvent[] = [];
  const timers = createFakeTimers();
  const decoder = createInputDecoder({ onEvent: (event) => events.push(event), startTimer: timers.start });
  return {
    events,
    pass: timers.pass,
    push: (bytes: string | Uint8Array) =>
      decoder.push(typeof bytes === "string" ? Buffer.from(bytes) : bytes),
  };
}

/** What the bytes are decoded to, once the terminal has fallen silent. */
function decode(...chunks: (string | Uint8Array)[]): InputEvent[] {
  const input = listen();
  for (const chunk of chunks) input.push(chunk);
  input.pass(10_000);
  return input.events;
}

const textOf = (events: InputEvent[]) => events.map((event) => event.text ?? `<${event.kind}>`).join("");

describe("keys", () => {
  it.each([
    ["\x1b[A", namedKey("up")],
    ["\x1bOB", namedKey("down")],
    ["\x1b[C", namedKey("right")],
    ["\x1b[1;5D", namedKey("left", { ctrl: true })],
    ["\x1b[1;2A", namedKey("up", { shift: true })],
    ["\x1b[1;3C", namedKey("right", { alt: true })],
    ["\x1b[H", namedKey("home")],
    ["\x1bOF", namedKey("end")],
    ["\x1b[1~", namedKey("home")],
    ["\x1b[3~", namedKey("delete")],
    ["\x1b[3;5~", namedKey("delete", { ctrl: true })],
    ["\x1b[5~", namedKey("pageUp")],
    ["\x1b[6~", namedKey("pageDown")],
    ["\x1b[Z", namedKey("tab", { shift: true })],
    ["\x1bOP", namedKey("f1")],
    ["\x1b[1;5P", namedKey("f1", { ctrl: true })],
    ["\x1b[24~", namedKey("f12")],
    ["\x1b[[A", namedKey("f1")],
    ["\r", namedKey("enter")],
    ["\t", namedKey("tab")],
    ["\x7f", namedKey("backspace")],
    ["\x1b\x7f", namedKey("backspace", { alt: true })],
    ["\x03", textKey("c", { ctrl: true })],
    ["\x1a", textKey("z", { ctrl: true })],
    ["\x00", textKey(" ", { ctrl: true })],
    ["\x1bf", textKey("f", { alt: true })],
    ["G", textKey("G")],
    [" ", textKey(" ")],
    ["ß", textKey("ß")],
    ["👩‍👩‍👧", textKey("👩‍👩‍👧")],
  ])("%j is one key", (bytes, key) => {
    expect(decode(bytes)).toEqual([key]);
  });

  it("come one by one from one chunk, a thousand as well", () => {
    expect(textOf(decode("jjk\x1b[BG"))).toBe("jjk<key>G");
    expect(decode("j".repeat(1000))).toHaveLength(1000);
  });

  it("survive a chunk that ends inside a character or a sequence", () => {
    const bytes = Buffer.from("ä漢😀\x1b[1;5A\x1b[6~x");
    const whole = decode(bytes);
    for (let cut = 1; cut < bytes.length; cut++) {
      expect(decode(bytes.subarray(0, cut), bytes.subarray(cut))).toEqual(whole);
    }
  });
});

describe("a lone ESC", () => {
  it("is the Escape key after 50 ms, not before", () => {
    const input = listen();
    input.push("\x1b");
    input.pass(49);
    expect(input.events).toEqual([]);
    input.pass(1);
    expect(input.events).toEqual([namedKey("escape")]);
  });

  it("is not waited for when the rest of its sequence comes in time", () => {
    const input = listen();
    input.push("\x1b");
    input.pass(30);
    input.push("[A");
    input.pass(1000);
    expect(input.events).toEqual([namedKey("up")]);
  });

  it("pressed twice is Escape twice", () => {
    expect(decode("\x1b\x1b")).toEqual([namedKey("escape"), namedKey("escape")]);
  });

  it("does not let Alt-] swallow what is typed later", () => {
    const input = listen();
    input.push("\x1b]");
    input.pass(300);
    input.push("a");
    input.pass(300);
    input.push("b");
    expect(input.events).toEqual([textKey("b")]);
  });
});

describe("a bracketed paste", () => {
  it("is one event, its line ends as newlines and without control characters", () => {
    const events = decode("\x1b[200~one\r\ntwo\rthree\x1b[31m\x07\tend\x1b[201~q");
    expect(events).toEqual([{ kind: "paste", text: "one\ntwo\nthree[31m end" }, textKey("q")]);
  });

  it("may be cut anywhere, its end marker too", () => {
    const bytes = Buffer.from("a\x1b[200~pä\x1b[20ste\x1b[201~b");
    for (let cut = 1; cut < bytes.length; cut++) {
      const events = decode(bytes.subarray(0, cut), bytes.subarray(cut));
      expect(events).toEqual([textKey("a"), { kind: "paste", text: "pä[20ste" }, textKey("b")]);
    }
  });

  it("whose end was lost is delivered once the terminal is silent, and keys work again", () => {
    const input = listen();
    input.push("\x1b[200~half");
    input.pass(5000);
    input.push("q");
    expect(input.events).toEqual([{ kind: "paste", text: "half" }, textKey("q")]);
  });
});

describe("what is no key", () => {
  it.each([
    ["device attributes", "\x1b[?62;22c"],
    ["secondary device attributes", "\x1b[>1;10;0c"],
    ["cursor position", "\x1b[12;40R"],
    ["status", "\x1b[0n"],
    ["background colour, ended by BEL", "\x1b]11;rgb:0000/0000/0000\x07"],
    ["background colour, ended by ST", "\x1b]11;rgb:ffff/ffff/ffff\x1b\\"],
    ["clipboard", "\x1b]52;c;ZGVsZXRl\x07"],
    ["terminfo reply", "\x1bP1+r436f=323536\x1b\\"],
    ["application command", "\x1b_Gi=1;OK\x1b\\"],
    ["mode report", "\x1b[?2026;2$y"],
    ["focus", "\x1b[I\x1b[O"],
    ["mouse", "\x1b[M !!"],
    ["mouse, SGR", "\x1b[<0;10;10M\x1b[<0;10;10m"],
    ["an unknown sequence", "\x1b[99;99;99q"],
    ["endless parameters", `\x1b[${"1;".repeat(500)}A`],
    ["a pasted colour code's like", "\x1b[31m"],
    ["invalid UTF-8", Buffer.from([0xff, 0xfe, 0xc0, 0x80])],
    ["C1 controls", "\u009b\u0085"],
    ["a stray end of paste", "\x1b[201~"],
  ])("is dropped: %s", (_what, bytes) => {
    expect(decode(bytes, "q")).toEqual([textKey("q")]);
  });

  it("never throws, and lets the next key through after a silence", () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 20 }),
      fc
        .constantFrom("\x1b[", "\x1b]", "\x1bP", "\x1bO", "\x1b[200~", "\x1b")
        .map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 10 }), (chunks) => {
        const input = listen();
        for (const chunk of chunks) input.push(chunk);
        input.pass(10_000);
        // Ends a character that was left unfinished.
        input.push("\r");
        input.push("Z");
        expect(input.events.at(-1)).toEqual(textKey("Z"));
      }),
    );
  });

  it.each([
    ["an endless control string", "\x1b]", "x"],
    ["nothing but ESC", "", "\x1b"],
    ["nothing but openings", "", "\x1b["],
    ["many small pastes", "", "\x1b[200~a\x1b[201~"],
    ["an endless paste", "\x1b[200~", "\x1b[20"],
    ["one flood of combining marks", "a", "\u0301"],
    ["regional indicators", "", "🇩"],
  ])(
    "is read in linear time: %s",
    (_what, start, unit) => {
      const input = listen();
      input.push(start);
      const bytes = Buffer.from(unit.repeat(1_000_000 / unit.length));
      for (let at = 0; at < bytes.length; at += 65_536) input.push(bytes.subarray(at, at + 65_536));
      expect(input.events.every((event) => (event.text ?? "").length <= 1_000_000)).toBe(true);
    },
    10_000,
  );
});
