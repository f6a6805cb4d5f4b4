import { expect, it } from "vitest";
import { LateSegmenter } from "../../../tui/terminal/late-segmenter.ts";

it("segments as the real one does", () => {
  for (const granularity of ["grapheme", "word"] as const) {
    const late = new LateSegmenter("en", { granularity });
    const real = new Intl.Segmenter("en", { granularity });
    for (const text of ["two words", "👩‍🔬e\u0301"]) {
      expect([...late.segment(text)]).toEqual([...real.segment(text)]);
    }
  }
});
