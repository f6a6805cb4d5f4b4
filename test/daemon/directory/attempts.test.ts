import { expect, test } from "vitest";
import { createAttempts } from "../../../daemon/directory/attempts.ts";
import type { Attempt } from "../../../daemon/store/store.ts";
import type { Actor } from "../../../protocol/index.ts";

const stranger = (address: string): Actor => ({ kind: "anonymous", id: null, name: null, address });
const failure = (address: string) => ({
  type: "login.failed" as const,
  actor: stranger(address),
  subject: null,
  outcome: "failed" as const,
  data: {},
});

function open() {
  const recorded: Attempt[] = [];
  let ms = Date.parse("2026-03-01T12:00:00.000Z");
  const attempts = createAttempts({ store: { record: (attempt) => recorded.push(attempt) }, now: () => ms });
  const advance = (by: number): void => {
    ms += by;
  };
  return { attempts, recorded, advance };
}

test("a flood from one address is one entry with a count, dated by its beginning", () => {
  const { attempts, recorded, advance } = open();
  for (let attempt = 0; attempt < 1000; attempt += 1) {
    attempts.note(failure("192.0.2.7"));
    advance(10);
  }
  attempts.note(failure("192.0.2.8"));
  expect(recorded).toEqual([]);
  attempts.flush();
  expect(recorded).toEqual([
    { ...failure("192.0.2.7"), at: "2026-03-01T12:00:00.000Z", count: 1000 },
    { ...failure("192.0.2.8"), at: "2026-03-01T12:00:10.000Z", count: 1 },
  ]);
});

test("what was handed over is not handed over again", () => {
  const { attempts, recorded } = open();
  attempts.note(failure("192.0.2.7"));
  attempts.flush();
  attempts.flush();
  attempts.note(failure("192.0.2.7"));
  attempts.flush();
  expect(recorded.map(({ count }) => count)).toEqual([1, 1]);
});

test("different types of one actor are kept apart", () => {
  const { attempts, recorded } = open();
  attempts.note(failure("192.0.2.7"));
  attempts.note({ ...failure("192.0.2.7"), type: "call.denied", outcome: "denied" });
  attempts.flush();
  expect(recorded.map(({ type }) => type)).toEqual(["login.failed", "call.denied"]);
});

test("what was tried on different accounts by one actor is kept apart", () => {
  const { attempts, recorded } = open();
  const on = (id: string) => ({ ...failure("192.0.2.7"), subject: { kind: "user", id, name: id } as const });
  for (const id of ["mia", "noa", "mia"]) attempts.note(on(id));
  attempts.flush();
  expect(recorded.map(({ subject, count }) => [subject?.id, count])).toEqual([
    ["mia", 2],
    ["noa", 1],
  ]);
});

test("a flood from countless addresses does not pile up in memory", () => {
  const { attempts, recorded } = open();
  for (let at = 0; at < 10_001; at += 1) attempts.note(failure(`2001:db8::${at.toString(16)}`));
  expect(recorded).toHaveLength(10_000);
});
