import { describe } from "vitest";
import type { JsonStore } from "../../../../daemon/store/json/json-store.ts";
import type { Store } from "../../../../daemon/store/store.ts";
import { storeContract } from "../store-contract.ts";
import { open, temporaryDirectory } from "./fixtures.ts";
import { unsyncedFiles } from "./intercepted-files.ts";

describe("the JSON store keeps the contract of stores", () => {
  storeContract(async () => {
    const directory = await temporaryDirectory();
    return {
      open: ({ roles = [], now = Date.now } = {}) =>
        open({ directory, initial: { roles }, now, io: unsyncedFiles }),
      settle: (store: Store) => (store as JsonStore).snapshot(),
    };
  });
});
