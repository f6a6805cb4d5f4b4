import { type JsonSchema, type MethodDocument, nearest, type OpenRpcDocument } from "../../protocol/index.ts";
import { misuse } from "../failure.ts";
import { safeText } from "../terminal/safe-text.ts";
import type { Destination } from "./connection.ts";
import { accessText, errorsText, fieldsText, objectsIn, sudoText, typeText } from "./method-text.ts";
import { discover } from "./methods.ts";
import { printJson } from "./output.ts";

/** Prints what a method takes, answers and refuses, for people; or with `json` its part of the document. */
export async function describeMethod(
  name: string,
  { json = false }: { json?: boolean },
  destination: Destination,
): Promise<number> {
  const document = await discover(destination);
  const method = find(name, document);
  if (json) printJson(process.stdout, method);
  else for (const line of linesOf(method, document)) process.stdout.write(`${safeText(line)}\n`);
  return 0;
}

function find(name: string, { methods }: OpenRpcDocument): MethodDocument {
  const method = methods.find((method) => method.name === name);
  if (method) return method;
  const meant = nearest(
    name,
    methods.map(({ name }) => name),
  );
  throw misuse(`no method "${name}"${meant ? `: did you mean "${meant}"?` : ""} (roster methods lists them)`);
}

function linesOf(method: MethodDocument, document: OpenRpcDocument): string[] {
  return [
    `${method.name}: ${method.summary}`,
    "",
    `Permission  ${accessText(method)}`,
    `Sudo        ${sudoText(method)}`,
    ...section("Parameters", paramRows(method)),
    ...section("Result", [[typeText(method.result.schema)]]),
    ...fieldLines(method.result.schema),
    ...objectLines(method, document),
    ...section(
      "Refused with",
      errorsText(method, document).map(({ code, name, message }) => [String(code), name, message]),
    ),
    ...method.examples.flatMap((example) => exampleLines(method.name, example)),
  ];
}

function paramRows({ params }: MethodDocument): string[][] {
  return params.map(({ name, required, schema, description = "" }) => {
    const initial = schema.default === undefined ? "" : ` = ${JSON.stringify(schema.default)}`;
    return [required ? name : `${name}?`, typeText(schema) + initial, description];
  });
}

function fieldLines(schema: JsonSchema): string[] {
  return aligned(fieldsText(schema).map(({ name, type, description }) => [name, type, description]));
}

/** The objects that parameters and result speak of. */
function objectLines({ params, result }: MethodDocument, document: OpenRpcDocument): string[] {
  const all = { anyOf: [...params.map(({ schema }) => schema), result.schema] };
  return [...objectsIn(all, document)].flatMap(([name, schema]) => ["", name, ...fieldLines(schema)]);
}

function section(title: string, rows: string[][]): string[] {
  return rows.length > 0 ? ["", title, ...aligned(rows)] : [];
}

/** Columns as wide as their widest cell, the last one excepted. */
function aligned(rows: string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd(),
  );
}

function exampleLines(method: string, { name, description, params, result }: Example): string[] {
  const given = JSON.stringify(Object.fromEntries(params.map(({ name, value }) => [name, value])));
  const argument = given === "{}" ? "" : ` '${given.replaceAll("'", "'\\''")}'`;
  return [
    "",
    `Example: ${name} (${description.toLowerCase()})`,
    `  roster call ${method}${argument}`,
    `  ${JSON.stringify(result.value)}`,
  ];
}

type Example = MethodDocument["examples"][number];
