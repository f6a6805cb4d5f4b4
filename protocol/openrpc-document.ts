import { z } from "zod";
import { method } from "./method.ts";

/** A JSON Schema (draft-07), as far as this contract uses the language. */
export interface JsonSchema {
  $ref?: string;
  title?: string;
  description?: string;
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  default?: unknown;
  format?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  allOf?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: boolean | JsonSchema;
}

const JsonSchema = z.looseObject({}).meta({ id: "JsonSchema" }) as unknown as z.ZodType<JsonSchema>;

const ContentDescriptor = z.strictObject({
  name: z.string(),
  required: z.boolean(),
  description: z.string().optional(),
  schema: JsonSchema,
});

const ErrorComponent = z.strictObject({
  code: z.int(),
  message: z.string(),
  data: z.record(z.string(), z.unknown()),
});

const NamedValue = z.strictObject({ name: z.string(), value: z.unknown() });

const ExamplePairing = z.strictObject({
  name: z.string(),
  description: z.string(),
  params: z.array(NamedValue),
  result: NamedValue,
});

/** One method of the document; what stands under `x-` says who may call it. */
const MethodDocument = z
  .strictObject({
    name: z.string(),
    tags: z.array(z.strictObject({ name: z.string() })),
    summary: z.string(),
    paramStructure: z.literal("by-name"),
    params: z.array(ContentDescriptor),
    result: ContentDescriptor,
    errors: z.array(z.strictObject({ $ref: z.string() })),
    examples: z.array(ExamplePairing),
    "x-callers": z.array(z.enum(["anonymous", "session", "key", "local"])),
    "x-permission": z.array(z.string()).describe("All of these are needed; empty where none is."),
    "x-permission-also": z
      .array(z.strictObject({ permission: z.string(), when: z.string() }))
      .describe("Needed besides for some parameters."),
    "x-target": z.string().describe("Whom the permission is asked about: none, user, key or session."),
    "x-own": z
      .array(z.string())
      .nullable()
      .describe(
        "The fields that a session may change of its own account without the permission; empty: all; null: it needs the permission there too.",
      ),
    "x-key": z
      .enum(["owner", "itself"])
      .nullable()
      .describe("What a key may do without the permission: read its owner, or act on itself."),
    "x-sudo": z
      .enum(["always", "sometimes", "never"])
      .describe("Whether a session needs a password proof not older than 15 minutes."),
    "x-sudo-when": z.string().nullable().describe("For which parameters, where it is sometimes."),
  })
  .meta({ id: "MethodDocument", title: "MethodDocument" });

/** An OpenRPC document: <https://spec.open-rpc.org>, version 1.3.2. */
const OpenRpcDocument = z.strictObject({
  openrpc: z.literal("1.3.2"),
  info: z.strictObject({
    title: z.string(),
    version: z.string(),
    description: z.string(),
    license: z.strictObject({ name: z.string() }),
  }),
  methods: z.array(MethodDocument),
  components: z.strictObject({
    schemas: z.record(z.string(), JsonSchema),
    errors: z.record(z.string(), ErrorComponent),
  }),
  "x-permissions": z.array(z.strictObject({ name: z.string(), description: z.string() })),
  "x-events": z.strictObject({
    notification: z.literal("event"),
    params: JsonSchema,
    topics: z.array(z.strictObject({ name: z.string(), permission: z.string(), types: z.array(z.string()) })),
  }),
});

export const discoveryMethods = {
  "rpc.discover": method({
    summary: "This contract as an OpenRPC document",
    params: z.strictObject({}),
    result: OpenRpcDocument,
    access: { who: "anyone" },
  }),
};

export type MethodDocument = z.output<typeof MethodDocument>;
export type OpenRpcDocument = z.output<typeof OpenRpcDocument>;
