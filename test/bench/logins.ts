import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { WebSocket } from "ws";
import type { Contender } from "./rounds.ts";

/**
 * Runs `work` while each of the contender's first `clients` requests, which are logins, is sent again as soon as it
 * was answered, or when its sender was told to try again. Resolves when the last login has been answered too.
 */
export async function whileLoggingIn<T>(
  { server, headers, requests }: Contender,
  clients: number,
  work: () => Promise<T>,
): Promise<T> {
  const socket = new WebSocket(server.url, { headers });
  await once(socket, "open");
  const answered = new Map<number, (answer: Answer) => void>();
  socket.on("message", (data) => {
    const answer: Answer = JSON.parse(String(data));
    answered.get(answer.id)?.(answer);
  });

  let over = false;
  const keepTrying = async (request: string): Promise<void> => {
    const { id } = JSON.parse(request);
    while (!over) {
      const { error } = await new Promise<Answer>((resolve) => {
        answered.set(id, resolve);
        socket.send(request);
      });
      if (error) await wait(retryAfter(error));
    }
  };
  const working = work().finally(() => {
    over = true;
  });
  const [done] = await Promise.all([working, ...requests.slice(0, clients).map(keepTrying)]);
  socket.close();
  return done;
}

interface Answer {
  id: number;
  error?: Refusal;
}

interface Refusal {
  message: string;
  data?: { retryAfterMs?: number };
}

/** In milliseconds. Throws what was refused for good. */
function retryAfter({ message, data }: Refusal): number {
  if (data?.retryAfterMs === undefined) throw new Error(`a login was refused: ${message}`);
  return data.retryAfterMs;
}
