import { createClient, ProtocolError } from "roster/protocol";
import { WebSocket } from "ws";

/** Events after which somebody must log in again. A lock-out is none: strangers cause those. */
const ENDS_LOGINS = new Set([
  "user.updated",
  "user.disabled",
  "user.deleted",
  "user.expired",
  "user.passwordChanged",
]);

/** What the form says; nobody who guesses learns more than that it was wrong. */
const REASONS = {
  invalidCredentials: "Wrong name or password.",
  disabled: "Your account is disabled.",
  expired: "Your account has ended.",
  passwordChangeRequired: "Change your password in Roster first.",
};

/** The directory cannot be asked now, or does not want to be: an HTTP status and a sentence for people. */
export class NotNow extends Error {
  constructor(status, message, retryAfterSeconds) {
    super(message);
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/**
 * Connects with the service's own key; the client reconnects by itself. `onChanged` hears the id of each user who
 * must log in again, or null when changes were missed.
 */
export async function connectRoster({ url, key, onChanged }) {
  const client = createClient({ connect: () => openSocket(url), credential: { key } });
  const me = await client.online();
  if (me.kind !== "key") throw new Error("Roster does not accept ROSTER_KEY");
  await client.subscribe({ topics: ["users"] }, (event) => {
    if (event.kind === "gap") onChanged(null);
    else if (ENDS_LOGINS.has(event.entry.type)) onChanged(event.entry.subject.id);
  });

  return {
    /** `{user, permissions}`, or `{message}` for the form. Throws `NotNow`. */
    async logIn(username, password, address) {
      const params = { username, password, address };
      const { valid, reason, user, permissions } = await ask(client, "auth.verifyPassword", params);
      return valid ? { user, permissions } : { message: REASONS[reason] };
    },

    /** `{user, permissions}`: whose key it is and what the key may do; null for one that may not be used. Throws `NotNow`. */
    async checkKey(secret, address) {
      const { valid, user, permissions } = await ask(client, "auth.verifyKey", { key: secret, address });
      return valid ? { user, permissions } : null;
    },
  };
}

async function ask(client, method, params) {
  try {
    return await client.call(method, params);
  } catch (error) {
    if (error instanceof ProtocolError && error.code === 429) {
      const seconds = Math.ceil(error.data.retryAfterMs / 1000);
      throw new NotNow(429, `Too many attempts. Try again in ${seconds} s.`, seconds);
    }
    process.stderr.write(`${method}: ${error.message}\n`);
    throw new NotNow(503, "Logins do not work at the moment. Try again shortly.", 5);
  }
}

function openSocket(url) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    socket.on("error", reject);
    socket.once("open", () =>
      resolve({
        send: (text) => socket.send(text, () => {}),
        close: () => socket.close(),
        onMessage: (listener) => socket.on("message", (data) => listener(data.toString())),
        onClose: (listener) => socket.once("close", (code, reason) => listener(code, reason.toString())),
      }),
    );
  });
}
