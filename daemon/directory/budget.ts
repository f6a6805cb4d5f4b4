import { RateLimiterMemory, type RateLimiterRes } from "rate-limiter-flexible";
import { refusal } from "../../protocol/index.ts";

/** How many wrong passwords, keys and tokens one address, and all together, may present in a while. */
export interface Budget {
  /** Throws 429 `rateLimited` when it is spent. */
  assertLeft(address: string): Promise<void>;
  /** Counts one that was wrong. */
  spend(address: string): Promise<void>;
}

export interface BudgetSize {
  perAddress: number;
  overall: number;
}

/** Short, so that strangers who spend the overall budget keep nobody out for long. */
const WINDOW_SECONDS = 60;
const defaultSize: BudgetSize = { perAddress: 20, overall: 200 };
const EVERYBODY = "everybody";

export function createBudget({ perAddress, overall }: BudgetSize = defaultSize): Budget {
  const ofAddress = new RateLimiterMemory({ points: perAddress, duration: WINDOW_SECONDS });
  const ofAll = new RateLimiterMemory({ points: overall, duration: WINDOW_SECONDS });

  return {
    async assertLeft(address) {
      assertPointsLeft(await ofAddress.get(network(address)), perAddress);
      assertPointsLeft(await ofAll.get(EVERYBODY), overall);
    },
    async spend(address) {
      await ofAddress.penalty(network(address));
      await ofAll.penalty(EVERYBODY);
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
