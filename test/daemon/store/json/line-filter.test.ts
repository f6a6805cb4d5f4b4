import fc from "fast-check";
import { expect, test } from "vitest";
import { lineFilter } from "../../../../daemon/store/json/line-filter.ts";
import { normaliseUsername } from "../../../../protocol/index.ts";

/** A line with entries that say these texts. */
function lineOf(texts: readonly string[], at = "2026-03-01T12:00:00.000Z"): Buffer {
  const entries = texts.map((name, seq) => ({ seq, at, subject: { kind: "key", id: "a", name } }));
  return Buffer.from(
    `{"public":{"durable":0,"entries":${JSON.stringify(entries)}},"changes":[],"hash":""}\n`,
  );
}

const passes = (line: Buffer, ...mentions: string[][]) => lineFilter({ mentions })(line);

/** Case, width, ligatures, marks that join what is before, a final sigma, and all that JSON escapes. */
const awkward = fc.constantFrom(
  ...'aBkK.:/<Σς\u212aİẞﬁＡ＂＼"\\\n\b\u001f\u0301\u0338\ud800e',
  "J\u030c",
  "ΑΣ",
);
const one = { minLength: 1, maxLength: 1 };
const unit = fc.oneof(
  awkward,
  fc.string({ unit: "grapheme", ...one }),
  fc.string({ unit: "binary", ...one }),
);
const texts = fc.array(fc.string({ unit, maxLength: 8 }), { minLength: 1, maxLength: 4 });

test("no line is passed over in which a part of a text is mentioned, whatever the text", () => {
  const property = fc.property(texts, fc.nat(), fc.nat(), fc.nat(), (texts, which, from, length) => {
    const whole = normaliseUsername(texts[which % texts.length] ?? "");
    const begin = from % (whole.length + 1);
    const part = whole.slice(begin, begin + 1 + (length % 8));
    expect(passes(lineOf(texts), ["nobody", part])).toBe(true);
    expect(passes(lineOf(texts), [part], [whole])).toBe(true);
  });
  fc.assert(property, { numRuns: 2000 });
});

test("a line is passed over that lacks what must be mentioned", () => {
  const line = lineOf(["Mia's Backup", "noa"]);
  expect(passes(line)).toBe(true);
  expect(passes(line, ["mia's b"])).toBe(true);
  expect(passes(line, ["mia"], ["ida", "noa"])).toBe(true);
  expect(passes(line, ["mia"], ["ida"])).toBe(false);
  expect(passes(line, ["m.a"])).toBe(false);
  expect(passes(lineOf(["Mía"]), ["mia"])).toBe(false);
  expect(passes(lineOf(["Mía"]), ["mía"])).toBe(true);
});

test("a line is passed over in which nothing happened within the time", () => {
  const line = lineOf(["mia"], "2026-03-01T12:00:00.000Z");
  expect(lineFilter({ from: "2026-03-01T12:00:00.000Z" })(line)).toBe(true);
  expect(lineFilter({ from: "2026-03-01T12:00:00.001Z" })(line)).toBe(false);
  expect(lineFilter({ to: "2026-03-01T12:00:00.000Z" })(line)).toBe(false);
  expect(lineFilter({ to: "2026-03-01T12:00:00.001Z" })(line)).toBe(true);
  expect(lineFilter({ to: "2026-03-02T00:00:00.000Z", mentions: [["noa"]] })(line)).toBe(false);
});
