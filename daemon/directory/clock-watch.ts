/** More than a corrected clock slews, and more than two looks at two clocks lie apart. */
const JUMP_MS = 60_000;
const UNTRUSTED_MS = 3_600_000;

export interface ClockSight {
  /** The clock does not show what it would show had it only ticked; the first sight counts as a jump. */
  jumped: boolean;
  /** From this instant on, in milliseconds since the epoch, what is removed for its age is removed for good reason. */
  trustedFrom: number;
}

/**
 * Compares the clock with one that only ever ticks. A clock that jumped, or that nobody has watched yet since the
 * start, is not believed for an hour: on a board without a battery it may be years off until the network corrects it.
 */
export function createClockWatch(): (now: number, elapsed: number) => ClockSight {
  let offset: number | null = null;
  let jumpedAt = 0;

  return (now, elapsed) => {
    const before = offset;
    offset = now - elapsed;
    const jumped = before === null || Math.abs(offset - before) > JUMP_MS;
    if (jumped) jumpedAt = elapsed;
    return { jumped, trustedFrom: offset + jumpedAt + UNTRUSTED_MS };
  };
}
