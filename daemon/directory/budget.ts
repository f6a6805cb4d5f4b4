import { RateLimiterMemory, type RateLimiterRes } from "rate-limiter-flexible";
import { refusal } from "../../protocol/index.ts";

/** How many wrong passwords, keys and tokens somebody may still present. */
export interface Allowance {
  /** Throws 429 `rateLimited` when it is spent. */
  assertLeft(): Promise<void>;
  /** Counts one that was wrong. */
  spend(): Promise<void>;
}

/** Of logins from this address. */
export type LoginBudget = (address: string) => Allowance;

/** Of verifications for this service, on behalf of an end user at this address where it tells one. */
export type VerifyBudget = (service: string, address: string | undefined) => Allowance;

/** Failures in a minute. */
export interface LoginBudgetSize {
  perAddress: number;
  overall: number;
}

/** Failures in a minute. */
export interface VerifyBudgetSize {
  perAddress: number;
  perService: number;
}

/** Short, so that strangers who spend the overall budget keep nobody out for long. */
const WINDOW_SECONDS = 60;
const EVERYBODY = "everybody";

export function createLoginBudget({
  perAddress = 20,
  overall = 200,
}: Partial<LoginBudgetSize> = {}): LoginBudget {
  const ofAddress = createPurse(perAddress);
  const ofAll = createPurse(overall);
  return (address) => allowance([ofAddress(network(address)), ofAll(EVERYBODY)]);
}

/** Services do not spend each other's: what one claims of an address is its own affair. */
export function createVerifyBudget({
  perAddress = 20,
  perService = 200,
}: Partial<VerifyBudgetSize> = {}): VerifyBudget {
  const ofAddress = createPurse(perAddress);
  const ofService = createPurse(perService);
  return (service, address) =>
    allowance([
      ...(address === undefined ? [] : [ofAddress(`${service} ${network(address)}`)]),
      ofService(service),
    ]);
}

/** What each of many may spend of one kind. */
function createPurse(points: number): (whose: string) => Allowance {
  const limiter = new RateLimiterMemory({ points, duration: WINDOW_SECONDS });
  return (whose) => ({
    assertLeft: async () => assertPointsLeft(await limiter.get(whose), points),
    spend: async () => {
      await limiter.penalty(whose);
    },
  });
}

/** All of them at once. */
function allowance(parts: readonly Allowance[]): Allowance {
  return {
    async assertLeft() {
      for (const part of parts) await part.assertLeft();
    },
    async spend() {
      for (const part of parts) await part.spend();
    },
  };
}

function assertPointsLeft(spent: RateLimiterRes | null, points: number): void {
  if (spent === null || spent.consumedPoints < points || spent.msBeforeNext <= 0) return;
  throw refusal("rateLimited", "Too many failed logins; wait before the next attempt", {
    retryAfterMs: spent.msBeforeNext,
  });
}

/** One host commands a whole IPv6 /64, so that is what counts as an address. */
function network(address: string): string {
  if (!address.includes(":") || address.includes(".")) return address.replace(/^::ffff:/i, "");
  const [head = "", tail = ""] = address.split("::");
  const front = head.split(":").filter(Boolean);
  const back = tail.split(":").filter(Boolean);
  const between = Array<string>(Math.max(0, 8 - front.length - back.length)).fill("0");
  return [...front, ...between, ...back].slice(0, 4).join(":");
}
