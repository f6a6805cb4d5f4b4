import type { IncomingMessage } from "node:http";
import type { Clock } from "../clock.ts";
import { resolveCaller } from "../directory/caller.ts";
import type { HttpAnswer } from "../http.ts";
import type { Logger } from "../log.ts";
import type { Store } from "../store/store.ts";
import {
  addressOf,
  callerOf,
  clientLabel,
  type Door,
  type UpgradePolicy,
  UpgradeRefused,
} from "../upgrade.ts";
import type { Metrics } from "./metrics.ts";

export interface MetricsPageParts {
  door: Door;
  policy: UpgradePolicy;
  store: Store;
  metrics: Metrics;
  clock: Clock;
  log: Logger;
}

const PERMISSION = "system.manage";

/** `GET /metrics`: for the operator on the Unix socket, elsewhere for a bearer that has `system.manage`. */
export function createMetricsPage(
  parts: MetricsPageParts,
): (request: IncomingMessage) => Promise<HttpAnswer> {
  const { metrics, log } = parts;
  return async (request) => {
    try {
      await assertMayRead(request, parts);
      const { contentType, text } = await metrics();
      return { status: 200, text, headers: { "Content-Type": contentType } };
    } catch (error) {
      if (error instanceof UpgradeRefused) return error.answer;
      log.error({ err: error }, "The metrics could not be answered");
      return { status: 500, text: "The metrics could not be gathered; the log says why." };
    }
  };
}

/** Throws `UpgradeRefused`. */
async function assertMayRead(
  request: IncomingMessage,
  { door, policy, store, clock }: MetricsPageParts,
): Promise<void> {
  const address = addressOf(request, door, policy);
  const caller = await callerOf(request, { door, address, client: clientLabel(request) }, policy);
  const by = await resolveCaller(store, caller, new Date(clock.now()).toISOString());
  if (by?.permissions.has(PERMISSION)) return;
  if (!by || by.kind === "anonymous") {
    throw new UpgradeRefused({
      status: 401,
      text: `Send the header Authorization: Bearer KEY, of a key that has ${PERMISSION}; or ask on the Unix socket.`,
      headers: { "WWW-Authenticate": 'Bearer realm="roster"' },
    });
  }
  throw new UpgradeRefused({ status: 403, text: `The metrics need the permission ${PERMISSION}.` });
}
