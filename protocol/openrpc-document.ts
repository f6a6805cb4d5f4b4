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

const JsonSchema = z
  .looseObject({})
  .meta({ id: "JsonSchema", description: "A JSON Schema, draft-07" }) as unknown as z.ZodType<JsonSchema>;

const ContentDescriptor = z.strictObject({
  name: z.string().describe("The parameter's name; `result` for a result"),
  required: z.boolean().describe("Whether it must be given"),
  description: z.string().optional().describe("What it is, with its unit"),
  schema: JsonSchema.describe("Its shape"),
});

const ErrorComponent = z.strictObject({
  code: z.int().describe("The error's number"),
  message: z.string().describe("When it is answered, for people"),
  data: z.record(z.string(), z.unknown()).describe("An example of what the error carries"),
});

const NamedValue = z.strictObject({
  name: z.string().describe("The parameter's name; `result` for a result"),
  value: z.unknown().describe("What is sent or answered"),
});

const ExamplePairing = z.strictObject({
  name: z.string().describe("What the example shows"),
  description: z.string().describe("Who asks"),
  params: z.array(NamedValue).describe("What is sent"),
  result: NamedValue.describe("What is answered"),
});

const MethodDocument = z
  .strictObject({
    name: z.string().describe("A noun and a verb, such as `keys.rotate`"),
    tags: z
      .array(z.strictObject({ name: z.string().describe("The noun") }))
      .describe("The noun that the method belongs to"),
    summary: z.string().describe("What it does, in one line"),
    paramStructure: z.literal("by-name").describe("Parameters are an object's fields"),
    params: z.array(ContentDescriptor).describe("What it takes"),
    result: ContentDescriptor.describe("What it answers"),
    errors: z
      .array(z.strictObject({ $ref: z.string().describe("To one of `components.errors`") }))
      .describe("What it may be refused with"),
    examples: z.array(ExamplePairing).describe("Calls as they go over the wire"),
    "x-callers": z
      .array(z.enum(["anonymous", "session", "key", "local"]))
      .describe("The kinds of principal that may call it"),
    "x-permission": z.array(z.string()).describe("All of these are needed; empty where none is"),
    "x-permission-also": z
      .array(
        z.strictObject({
          permission: z.string().describe("The permission's name"),
          when: z.string().describe("For which parameters"),
        }),
      )
      .describe("Needed besides for some parameters"),
    "x-target": z.string().describe("Whom the permission is asked about: none, user, key or session"),
    "x-own": z
      .array(z.string())
      .nullable()
      .describe(
        "The fields that a session may change of its own account without the permission; empty: all; null: it needs the permission there too",
      ),
    "x-key": z
      .enum(["owner", "itself"])
      .nullable()
      .describe("What a key may do without the permission: read its owner, or act on itself"),
    "x-sudo": z
      .enum(["always", "sometimes", "never"])
      .describe("Whether a session needs a password proof not older than 15 minutes"),
    "x-sudo-when": z.string().nullable().describe("For which parameters, where it is sometimes"),
  })
  .meta({
    id: "MethodDocument",
    title: "MethodDocument",
    description: "One method of the document; what stands under `x-` says who may call it",
  });

/** An OpenRPC document: <https://spec.open-rpc.org>, version 1.3.2. */
const OpenRpcDocument = z.strictObject({
  openrpc: z.literal("1.3.2").describe("The version of OpenRPC that the document keeps to"),
  info: z
    .strictObject({
      title: z.string().describe("The product's name"),
      version: z.string().describe("The daemon's version"),
      description: z.string().describe("What it is, in one line"),
      license: z
        .strictObject({ name: z.string().describe("Its short name") })
        .describe("Under which the product is given"),
    })
    .describe("What the document is about"),
  methods: z.array(MethodDocument).describe("Every method, noun by noun"),
  components: z
    .strictObject({
      schemas: z.record(z.string(), JsonSchema).describe("The objects, by name"),
      errors: z.record(z.string(), ErrorComponent).describe("The errors, by reason"),
    })
    .describe("What methods refer to"),
  "x-permissions": z
    .array(
      z.strictObject({
        name: z.string().describe("As roles and keys list it"),
        description: z.string().describe("What it lets its holder do"),
      }),
    )
    .describe("Roster's own permissions"),
  "x-events": z
    .strictObject({
      notification: z.literal("event").describe("The notifications' method"),
      params: JsonSchema.describe("The notifications' parameters"),
      topics: z
        .array(
          z.strictObject({
            name: z.string().describe("As `events.subscribe` takes it"),
            permission: z.string().describe("Shows other people's events; one's own are always seen"),
            types: z.array(z.string()).describe("The types of its events"),
          }),
        )
        .describe("What one can subscribe to"),
    })
    .describe("What comes without being asked for"),
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
