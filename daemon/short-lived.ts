import { setFlagsFromString } from "node:v8";

/**
 * Keeps what a call allocates among what is young. The many calls in flight outlive a collection of young objects, from
 * which V8 concludes that their like live long and allocates them among the old from then on, where they, and all that
 * they point to, wait for a collection of the whole heap: a tenth of a call, and twice the p99.
 */
export function expectShortLives(): void {
  setFlagsFromString("--no-allocation-site-pretenuring");
}
