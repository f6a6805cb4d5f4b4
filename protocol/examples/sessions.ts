import type { sessionMethods } from "../sessions.ts";
import { adaId, adaSessionId, now } from "./directory.ts";
import type { ExamplesOf } from "./example.ts";

export const sessionExamples: ExamplesOf<keyof typeof sessionMethods> = {
  "sessions.list": [
    {
      name: "One's own",
      params: {},
      result: {
        items: [
          {
            id: adaSessionId,
            userId: adaId,
            username: "ada",
            createdAt: now,
            lastSeenAt: now,
            expiresAt: "2026-03-31T12:00:00.000Z",
            address: "127.0.0.1",
            client: null,
            current: true,
          },
        ],
        total: 1,
        offset: 0,
        limit: 50,
      },
    },
  ],
  "sessions.revoke": [
    { name: "The one that asks, which ends it", params: { id: adaSessionId }, result: { revoked: 1 } },
  ],
  "sessions.revokeAll": [
    { name: "Of a user who has none", params: { user: "bert" }, result: { revoked: 0 } },
  ],
};
