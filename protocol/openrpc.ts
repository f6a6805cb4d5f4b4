import { EventNotification, topicNames, topics } from "./events.ts";
import { examples } from "./examples/index.ts";
import type { Access, Declaration } from "./method.ts";
import { declarationOf, type MethodName, methodNames } from "./methods.ts";
import type { JsonSchema, MethodDocument, OpenRpcDocument } from "./openrpc-document.ts";
import { errorComponents, errorsOf } from "./openrpc-errors.ts";
import { SchemaComponents, withoutWrapper } from "./openrpc-schemas.ts";
import { ownPermissions, permissionDescriptions } from "./permissions.ts";

/** The whole contract as an OpenRPC 1.3.2 document; `version` is the daemon's. */
export function openRpcDocument(version: string): OpenRpcDocument {
  const schemas = new SchemaComponents();
  const documented = methodNames.map((name) => methodDocument(name, declarationOf(name), schemas));
  const notification = schemas.ofOutput(EventNotification);
  return {
    openrpc: "1.3.2",
    info: {
      title: "Roster",
      version,
      description: "A small self-hosted user directory: JSON-RPC 2.0 over WebSocket, on the path /rpc.",
      license: { name: "MIT" },
    },
    methods: documented,
    components: { schemas: schemas.named, errors: errorComponents() },
    "x-permissions": ownPermissions.map((name) => ({ name, description: permissionDescriptions[name] })),
    "x-events": {
      notification: "event",
      params: notification,
      topics: topicNames.map((name) => {
        const { permission, types } = topics[name];
        return { name, permission, types: [...types] };
      }),
    },
  };
}

function methodDocument(
  name: MethodName,
  declaration: Declaration | undefined,
  schemas: SchemaComponents,
): MethodDocument {
  if (!declaration) throw new TypeError(`The contract declares no ${name}`);
  const { summary, params, result, access, alsoNeeds, sudo } = declaration;
  const noun = name.split(".")[0] ?? name;
  return {
    name,
    tags: [{ name: noun }],
    summary,
    paramStructure: "by-name",
    params: paramsOf(schemas.ofInput(params)),
    result: { name: "result", required: true, schema: schemas.ofOutput(result) },
    errors: errorsOf(declaration).map((error) => ({ $ref: `#/components/errors/${error}` })),
    examples: examplesOf(name),
    "x-callers": callersOf(access),
    "x-permission": access.who === "permission" ? [access.permission].flat() : [],
    "x-permission-also": (alsoNeeds ?? []).map(({ permission, when }) => ({ permission, when })),
    "x-target": access.who === "permission" ? access.target : "none",
    "x-own": access.who === "permission" && access.ownIsFree ? [...(access.ownFields ?? [])] : null,
    "x-key": access.who === "permission" ? (access.keyMay ?? null) : null,
    "x-sudo": typeof sudo === "object" ? "sometimes" : sudo ? "always" : "never",
    "x-sudo-when": typeof sudo === "object" ? sudo.when : null,
  };
}

function paramsOf({ properties = {}, required = [] }: JsonSchema): MethodDocument["params"] {
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    required: required.includes(name),
    ...(description !== undefined && { description }),
    schema: withoutWrapper(schema),
  }));
}

function callersOf(access: Access): MethodDocument["x-callers"] {
  if (access.who === "anyone") return ["anonymous", "session", "key", "local"];
  return access.who === "kinds" ? [...access.kinds] : ["session", "key", "local"];
}

function examplesOf(method: MethodName): MethodDocument["examples"] {
  return examples[method].map(({ name, by, params, result }) => ({
    name,
    description: `Asked by ${by ?? "ada"}`,
    params: Object.entries(params).map(([name, value]) => ({ name, value })),
    result: { name: "result", value: result },
  }));
}
