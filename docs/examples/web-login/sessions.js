import { randomBytes } from "node:crypto";

const LASTS_MS = 8 * 3600 * 1000;

/** Who is logged in here, by a cookie that scripts cannot read and other sites cannot send. */
export class Sessions {
  #sessions = new Map();

  /** The `Set-Cookie` of a new session. Behind TLS add `; Secure`. */
  begin(login) {
    const id = randomBytes(32).toString("base64url");
    this.#sessions.set(id, { login, endsAt: Date.now() + LASTS_MS });
    return `session=${id}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${LASTS_MS / 1000}`;
  }

  /** The login of a request, or null. */
  of(request) {
    const id = idOf(request);
    const session = this.#sessions.get(id);
    if (session && Date.now() < session.endsAt) return session.login;
    this.#sessions.delete(id);
    return null;
  }

  end(request) {
    this.#sessions.delete(idOf(request));
  }

  /** Ends those of one user, or with null everybody's. */
  endOf(userId) {
    for (const [id, { login }] of this.#sessions) {
      if (userId === null || login.user.id === userId) this.#sessions.delete(id);
    }
  }
}

function idOf({ headers }) {
  return /(?:^|;\s*)session=([\w-]+)/.exec(headers.cookie ?? "")?.[1];
}
