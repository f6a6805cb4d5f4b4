import type { RoleRecord } from "../../../daemon/store/records.ts";
import type { Store } from "../../../daemon/store/store.ts";
import { closingContract } from "./contract-closing.ts";
import { entriesContract } from "./contract-entries.ts";
import { listsContract } from "./contract-lists.ts";
import { modelContract } from "./contract-model.ts";
import { ownedListsContract } from "./contract-owned-lists.ts";
import { transactionsContract } from "./contract-transactions.ts";
import { usageContract } from "./contract-usage.ts";

/** Where a store keeps its records: what is opened there holds what the last one held when it was closed. */
export interface Place {
  /** Closed by the end of the test at the latest; `roles` are what a new place begins with. */
  open(options?: { roles?: RoleRecord[]; now?: () => number }): Promise<Store>;
  /** Has the store do now what it does in its own time, such as tidying up. */
  settle(store: Store): Promise<void>;
}

export type NewPlace = () => Promise<Place>;

/** What the directory may expect of any store: the tests that each kind of store must pass. */
export function storeContract(newPlace: NewPlace): void {
  transactionsContract(newPlace);
  modelContract(newPlace);
  listsContract(newPlace);
  ownedListsContract(newPlace);
  entriesContract(newPlace);
  usageContract(newPlace);
  closingContract(newPlace);
}
