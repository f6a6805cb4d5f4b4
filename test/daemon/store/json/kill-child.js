// Run as a process of its own: changes users as fast as it can and prints each change once it is acknowledged.
import { writeSync } from "node:fs";
import { openJsonStore } from "../../../../dist/daemon/store/json/json-store.js";

const [directory, first] = process.argv.slice(2);
const actor = { kind: "local", id: null, name: null, address: null };
const store = await openJsonStore({ directory, limits: { journalBytes: 20_000 } });

async function change(slot, number) {
  await store.transaction(actor, async (tx) => {
    tx.put("settings", { id: `slot-${slot}`, settings: { number }, revision: number });
    tx.entry("settings.saved", null);
  });
  writeSync(1, `${slot} ${number}\n`);
}

async function changeForever(slot) {
  for (let number = Number(first); ; number++) await change(slot, number);
}

await Promise.all([0, 1, 2, 3].map(changeForever));
