import type { ClientSocket, Entry, MethodName, Principal, Result } from "../../protocol/index.ts";
import { ownPermissions, type ProtocolError } from "../../protocol/index.ts";

type Answers = { [M in MethodName]?: (params: never) => Result<M> };

export const local: Principal = {
  kind: "local",
  userId: null,
  username: null,
  keyId: null,
  roles: [],
  permissions: [...ownPermissions],
  mustChangePassword: false,
  reauthenticatedAt: null,
};

export const anonymous: Principal = { ...local, kind: "anonymous", permissions: [] };

export function sessionOf(username: string, rest: Partial<Principal> = {}): Principal {
  return { ...local, kind: "session", userId: "00000000-0000-7000-8000-000000000001", username, ...rest };
}

/** A daemon in memory that answers as it is told, and remembers what it was asked. */
export class FakeDaemon {
  readonly calls: { method: MethodName; params: unknown }[] = [];
  readonly answers: Answers;
  #connections = new Set<{ tell(text: string): void; lose(): void }>();
  #seq = 0;
  /** Answers that wait; null: none has to. */
  #waiting: (() => void)[] | null = null;
  /** Whether new connections are refused. */
  down = false;

  constructor(answers: Answers = {}) {
    this.answers = {
      "auth.whoami": () => local,
      "events.subscribe": () => ({ subscription: "s", seq: 0, epoch: "e" }),
      ...answers,
    };
  }

  /** What `createClient` connects with. */
  readonly connect = async (): Promise<ClientSocket> => {
    if (this.down) throw new Error("nobody listens");
    let onMessage = (_text: string) => {};
    let onClose = (_code: number, _reason: string) => {};
    const connection = {
      tell: (text: string) => onMessage(text),
      lose: () => {
        if (this.#connections.delete(connection)) onClose(1006, "");
      },
    };
    this.#connections.add(connection);
    return {
      send: (text) => {
        const answer = () => onMessage(JSON.stringify(this.#answer(JSON.parse(text))));
        if (this.#waiting) this.#waiting.push(answer);
        else queueMicrotask(answer);
      },
      close: () => connection.lose(),
      onMessage: (listener) => {
        onMessage = listener;
      },
      onClose: (listener) => {
        onClose = listener;
      },
    };
  };

  /** Tells every connection of a change. */
  emit(type: string, subject: Entry["subject"] = null): void {
    const entry = {
      seq: ++this.#seq,
      at: "2026-11-22T20:00:00.000Z",
      type,
      subject,
      outcome: "ok",
      count: 1,
      data: {},
    };
    const actor = { kind: "system", id: null, name: null, address: null };
    const params = { subscription: "s", ...entry, actor };
    for (const { tell } of this.#connections)
      tell(JSON.stringify({ jsonrpc: "2.0", method: "event", params }));
  }

  /** Answers nothing until `goOn`. */
  halt(): void {
    this.#waiting = [];
  }

  goOn(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    for (const answer of waiting) answer();
  }

  /** Cuts all connections, as a power cut does. */
  cut(): void {
    for (const { lose } of [...this.#connections]) lose();
  }

  /** The parameters of the calls of one method so far. */
  asked(method: MethodName): unknown[] {
    return this.calls.filter((call) => call.method === method).map(({ params }) => params);
  }

  #answer({ id, method, params }: { id: number; method: MethodName; params: never }): object {
    this.calls.push({ method, params });
    const answer = this.answers[method];
    try {
      if (!answer) throw { code: -32601, message: `The fake daemon knows no ${method}` };
      return { jsonrpc: "2.0", id, result: answer(params) };
    } catch (error) {
      const { code, message, data } = error as ProtocolError;
      return { jsonrpc: "2.0", id, error: { code, message, data } };
    }
  }
}
