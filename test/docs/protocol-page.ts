import type { JsonSchema, MethodDocument, OpenRpcDocument } from "../../protocol/index.ts";
import {
  accessText,
  errorsText,
  fieldsText,
  nameOf,
  sudoText,
  typeText,
} from "../../tui/commands/method-text.ts";

/** The contract as a page for people, made from its document. */
export function protocolPage(document: OpenRpcDocument): string {
  const nouns = [...new Set(document.methods.map(nounOf))];
  return [
    "# The protocol",
    "",
    `${document.info.description} This page is made from the document that \`rpc.discover\` answers.`,
    "Parameters go by name; what is marked `?` may be left out. Ids are UUIDv7, times RFC 3339 in UTC.",
    "The examples take place in a small directory: Ada is an administrator, Bert a designer, `octoprint` a service",
    "account with a key, and Carla is deleted.",
    "",
    ...nouns.map((noun) => `- [${noun}](#${noun}): ${linksOf(noun, document)}`),
    "- [Objects](#objects), [errors](#errors), [permissions](#permissions), [events](#events-1)",
    "",
    ...nouns.flatMap((noun) => [`## ${noun}`, "", ...methodsOf(noun, document)]),
    "## Objects",
    "",
    ...Object.entries(document.components.schemas).flatMap(([name, schema]) => objectLines(name, schema)),
    ...errorLines(document),
    ...permissionLines(document),
    ...eventLines(document),
  ].join("\n");
}

function nounOf({ tags }: MethodDocument): string {
  return tags[0]?.name ?? "";
}

function linksOf(noun: string, { methods }: OpenRpcDocument): string {
  return methods
    .filter((method) => nounOf(method) === noun)
    .map(({ name }) => `[${name.slice(noun.length + 1)}](#${name.replace(".", "").toLowerCase()})`)
    .join(", ");
}

function methodsOf(noun: string, document: OpenRpcDocument): string[] {
  return document.methods
    .filter((method) => nounOf(method) === noun)
    .flatMap((method) => methodLines(method, document));
}

function methodLines(method: MethodDocument, document: OpenRpcDocument): string[] {
  const refusals = errorsText(method, document).map(({ code, name }) => `${code} \`${name}\``);
  return [
    `### ${method.name}`,
    "",
    `${method.summary}.`,
    "",
    `- Permission: ${accessText(method)}`,
    `- Sudo: ${sudoText(method)}`,
    `- Result: ${code(typeText(method.result.schema))}`,
    `- Refused with: ${refusals.join(", ")}`,
    "",
    ...paramLines(method),
    ...fieldLines("result", method.result.schema),
    ...method.examples.flatMap(exampleLines),
  ];
}

function paramLines({ params }: MethodDocument): string[] {
  if (params.length === 0) return [];
  const rows = params.map(({ name, required, schema, description = "" }) => [
    code(required ? name : `${name}?`),
    code(typeText(schema)),
    schema.default === undefined ? "" : code(JSON.stringify(schema.default)),
    description,
  ]);
  return table(["parameter", "type", "if absent", ""], rows);
}

function exampleLines({ name, description, params, result }: MethodDocument["examples"][number]): string[] {
  const given = Object.fromEntries(params.map(({ name, value }) => [name, value]));
  return [
    `${name} (${description.toLowerCase()}):`,
    "",
    "```json",
    JSON.stringify(given),
    "```",
    "",
    "```json",
    JSON.stringify(result.value, null, 2),
    "```",
    "",
  ];
}

function objectLines(name: string, schema: JsonSchema): string[] {
  const heading = [`### ${name}`, "", ...(schema.description ? [`${schema.description}.`, ""] : [])];
  const fields = fieldLines("field", schema);
  return [...heading, ...(fields.length > 0 ? fields : [code(typeText(schema)), ""])];
}

function fieldLines(title: string, schema: JsonSchema): string[] {
  const rows = fieldsText(schema).map(({ name, type, description }) => [code(name), code(type), description]);
  return rows.length > 0 ? table([title, "type", ""], rows) : [];
}

function errorLines({ components }: OpenRpcDocument): string[] {
  const rows = Object.entries(components.errors)
    .sort(([, a], [, b]) => a.code - b.code)
    .map(([name, { code: number, message, data }]) => [
      String(number),
      code(name),
      message,
      code(JSON.stringify(data)),
    ]);
  return ["## Errors", "", ...table(["code", "reason", "when", "data, for example"], rows)];
}

function permissionLines(document: OpenRpcDocument): string[] {
  const rows = document["x-permissions"].map(({ name, description }) => [code(name), description]);
  return ["## Permissions", "", ...table(["permission", "lets its holder"], rows)];
}

function eventLines({ "x-events": events }: OpenRpcDocument): string[] {
  const rows = events.topics.map(({ name, permission, types }) => [
    code(name),
    types.map(code).join(" "),
    code(permission),
  ]);
  return [
    "## Events",
    "",
    `Notifications of the method \`${events.notification}\`, with ${code(nameOf(events.params.$ref ?? ""))} as parameters. One's own are always seen.`,
    "",
    ...table(["topic", "types", "others' are seen with"], rows),
  ];
}

function table(head: string[], rows: string[][]): string[] {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line), ""];
}

function code(text: string): string {
  return `\`${text}\``;
}
