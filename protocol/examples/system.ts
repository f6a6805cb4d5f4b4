import type { discoveryMethods } from "../openrpc-document.ts";
import type { systemMethods } from "../system.ts";
import { epoch, now } from "./directory.ts";
import type { ExamplesOf } from "./example.ts";

export const systemExamples: ExamplesOf<keyof typeof systemMethods> = {
  "system.ping": [{ name: "The time", by: "a stranger", params: {}, result: { at: now } }],
  "system.backup": [
    {
      name: "A backup, whose tip is to be kept elsewhere",
      params: {},
      result: {
        file: "/var/lib/roster/backups/roster-20260301T120000000Z-7.tar",
        bytes: 12_288,
        sha256: "c2c8a1f7f0f3a5a1d6c9b1c0d9e7b8a6f5e4d3c2b1a09f8e7d6c5b4a39281706",
        seq: 7,
        hash: "d5add48215f4dbe05d6666ce033b98ac409d6e2cac5f8a99e39e87918875bacb",
      },
    },
  ],
  "system.verify": [{ name: "All is well", params: {}, result: { ok: true, problems: [] } }],
  "system.info": [
    {
      name: "A small directory",
      params: {},
      result: {
        name: "rosterd",
        version: "0.1.0",
        protocol: "1",
        epoch,
        startedAt: now,
        store: { kind: "json", healthy: true, users: 4, seq: 7 },
        limits: {
          anonymousFrameBytes: 16_384,
          frameBytes: 1_048_576,
          jsonDepth: 32,
          batchEntries: 50,
          inFlight: 128,
          connections: 1000,
          anonymousPerAddress: 64,
          authenticateMs: 60_000,
          pingMs: 20_000,
          missedPings: 2,
          unsentBytes: 1_048_576,
          liveEventBytes: 4_194_304,
          stallMs: 30_000,
          positionMs: 20_000,
          keysPerUser: 100,
          sessionsPerUser: 100,
          roles: 1000,
          settingsBytes: 65_536,
        },
      },
    },
  ],
};

export const discoveryExamples: ExamplesOf<keyof typeof discoveryMethods> = {
  "rpc.discover": [
    {
      name: "The outline, with all lists left out",
      by: "a stranger",
      params: {},
      result: {
        openrpc: "1.3.2",
        info: {
          title: "Roster",
          version: "0.1.0",
          description: "A small self-hosted user directory: JSON-RPC 2.0 over WebSocket, on the path /rpc.",
          license: { name: "MIT" },
        },
        methods: [],
        components: { schemas: {}, errors: {} },
        "x-permissions": [],
        "x-events": { notification: "event", params: {}, topics: [] },
      },
    },
  ],
};
