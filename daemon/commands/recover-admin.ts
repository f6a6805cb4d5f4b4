import { recoverAdministrator } from "../directory/administrator-recovery.ts";
import { createPasswordHashing } from "../directory/password-hashing.ts";
import { fileSystem } from "../store/json/files.ts";
import { assertInitialised } from "../store/json/hold-directory.ts";
import { openJsonStore } from "../store/json/json-store.ts";
import { OPERATOR, type Surroundings, storeLog } from "./command.ts";

interface Asked {
  username: string;
  create: boolean;
}

/** Lets an administrator in again, and prints the password for that, once. */
export async function recoverAdmin({ config, now, say, warn }: Surroundings, asked: Asked): Promise<number> {
  await assertInitialised(fileSystem, config.data);
  const store = await openJsonStore({ directory: config.data, log: storeLog(warn), now });
  try {
    const parts = {
      store,
      now: () => new Date(now()).toISOString(),
      hashing: createPasswordHashing(config.password.scrypt),
      settingsDefaults: config.settings.defaults,
    };
    const { created, generatedPassword } = await recoverAdministrator(parts, OPERATOR, asked);
    const what = created ? "was made, as an administrator" : "is an administrator who can sign in";
    say(
      `${asked.username} ${what}. Sessions have ended; this password must be changed at the first sign-in:`,
    );
    say(generatedPassword);
  } finally {
    await store.close();
  }
  return 0;
}
