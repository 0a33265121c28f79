// Emits the types of the clients: `clients/services/<service>.d.ts` with one flat interface each, so that an importer depends on the
// services it calls alone, and `clients/index.d.ts` that names them all. Request and response types are taken from the user's
// functions, so they are exact; the comments show them as they travel, so that the file reads as documentation.
import { dirname, join, relative, sep } from "node:path";
import {
  type Endpoint,
  type EndpointKind,
  type Graph,
  resolveSchema,
  type Schema,
  type Schemas,
  type Service,
} from "@tenon/model";
import {
  type ClientEndpoint,
  type ClientService,
  clientInterfaceName,
  clientName,
  hasRef,
  sortedServices,
} from "./client-service.ts";
import { hashOf } from "../files/file-hashes.ts";
import { printSchema, referencedNames } from "./print-schema.ts";

export interface ClientDeclarationInput {
  /** Absolute. */
  readonly appDir: string;
  /** Absolute path of the file that the text is for. */
  readonly file: string;
  readonly service: ClientService;
  /** What is known of its types; null before the first analysis. Endpoints that it lacks get no comment. */
  readonly known: Service | null;
  readonly schemas: Schemas;
  readonly definitions: DefinitionLines;
  /** The app knows callers: a call may be made for one. */
  readonly hasAuth: boolean;
}

const title = "// Written by Tenon from the services of this app; rewritten on every change.";

/**
 * `declarations`: text by service. Its mark moves with every contract, for whoever watches this file alone. The ending `.js` leads to
 * declarations in every module resolution.
 */
export function emitClientsIndex(declarations: ReadonlyMap<string, string>): string {
  const lines = [...declarations]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([service, text]) => {
      const names = `${clientName(service)}, type ${clientInterfaceName(service)}`;
      return `export { ${names} } from "./services/${service}.js"; // ${hashOf(text).slice(0, 12)}`;
    });
  return `${[title, ...(lines.length === 0 ? ["export {};"] : lines)].join("\n")}\n`;
}

export function emitClientDeclaration(input: ClientDeclarationInput): string {
  const service = sortedServices([input.service])[0]!;
  const { known } = input;
  const body = serviceLines(service, known, input.schemas);
  const lines = [
    title,
    ...helperLines(body, input.hasAuth),
    ...importLines(input, service),
    "",
    ...body,
    ...input.definitions.of(known?.endpoints ?? []),
  ];
  return `${lines.join("\n")}\n`;
}

/** Types that methods are written with, besides `CallOpts`. */
const helperTypes = ["HandshakeOf", "ItemOf", "RawCallInit", "RequestOf", "ResponseOf", "StreamOf"];

/** With auth handlers, the options of a call know whom it can be made for. */
function helperLines(body: readonly string[], hasAuth: boolean): string[] {
  const signatures = body.filter((line) => line.includes("(") && !line.trimStart().startsWith("*"));
  const used = helperTypes.filter((name) => signatures.some((line) => new RegExp(`\\b${name}\\b`).test(line)));
  const importFrom = (names: readonly string[], from: string) =>
    names.length === 0 ? [] : [`import type { ${names.join(", ")} } from "${from}";`];
  if (!hasAuth) return importFrom(["CallOpts", ...used], "tenon/api");
  return [...importFrom(used, "tenon/api"), ...importFrom(["CallOpts"], "../../auth/index.js")];
}

/** Local name of an endpoint's import: users_get. */
function aliasOf(service: ClientService, endpoint: ClientEndpoint): string {
  return `${clientName(service.name)}_${endpoint.name}`;
}

function typeOf(service: ClientService, endpoint: ClientEndpoint): string {
  const members = (endpoint.members ?? []).map((member) => `[${JSON.stringify(member)}]`);
  return `typeof ${aliasOf(service, endpoint)}${members.join("")}`;
}

/** A `.ts` ending is allowed in declaration files whatever the user's settings, and needs no look-up. */
function importLines({ appDir, file }: ClientDeclarationInput, service: ClientService): string[] {
  const namesByFile = new Map<string, string[]>();
  for (const endpoint of service.endpoints.filter(({ kind }) => kind !== "raw")) {
    const names = namesByFile.get(endpoint.file) ?? [];
    namesByFile.set(endpoint.file, names);
    names.push(`${endpoint.exportName} as ${aliasOf(service, endpoint)}`);
  }
  return [...namesByFile].map(([source, names]) => {
    const path = relative(dirname(file), join(appDir, source)).split(sep).join("/");
    const specifier = path.startsWith(".") ? path : `./${path}`;
    return `import type { ${names.join(", ")} } from ${JSON.stringify(specifier)};`;
  });
}

function serviceLines(service: ClientService, known: Service | null, schemas: Schemas): string[] {
  const name = clientInterfaceName(service.name);
  const methods = service.endpoints.map((endpoint) => {
    const contract = known?.endpoints.find((candidate) => candidate.name === endpoint.name);
    return methodLines(endpoint, contract, schemas, typeOf(service, endpoint));
  });
  return [
    ...comment(descriptionLines(known), ""),
    `export interface ${name} {`,
    ...methods.flatMap((lines, index) => (index === 0 ? lines : ["", ...lines])),
    ...(hasRef(service) ? ["", "  /** The client as a value, to be passed on. */", `  ref(): ${name};`] : []),
    "}",
    `export declare const ${clientName(service.name)}: ${name};`,
  ];
}

function methodLines(
  endpoint: ClientEndpoint,
  contract: Endpoint | undefined,
  schemas: Schemas,
  type: string,
): string[] {
  const about = comment(contract === undefined ? [] : contractLines(contract), "  ");
  if (endpoint.kind === "raw") {
    return [...about, `  ${endpoint.name}(init?: RawCallInit, options?: CallOpts): Promise<Response>;`];
  }
  const takesNothing = contract !== undefined && contract.request === undefined;
  const mark = contract?.request !== undefined && isAllOptional(contract.request, schemas) ? "?" : "";
  const kind = contract?.kind ?? endpoint.kind;
  const typeName = kind.startsWith("stream-") ? "HandshakeOf" : "RequestOf";
  const request = takesNothing ? "" : `request${mark}: ${typeName}<${type}>, `;
  return [...about, `  ${endpoint.name}(${request}options?: CallOpts): ${resultType(kind, type)};`];
}

/** What a call gives: the response, a stream, or items one by one. */
function resultType(kind: EndpointKind, type: string): string {
  if (kind.startsWith("stream-")) return `Promise<StreamOf<${type}>>`;
  if (kind === "sse" || kind === "http-stream") return `AsyncIterable<ItemOf<${type}>>`;
  return `Promise<ResponseOf<${type}>>`;
}

/** Nothing need be said, so nothing need be given. */
function isAllOptional(request: Schema, schemas: Schemas): boolean {
  const object = resolveSchema(request, schemas);
  return object.kind === "object" && object.properties.every(({ optional }) => optional);
}

function contractLines(endpoint: Endpoint): string[] {
  const route = `\`${endpoint.methods.join(", ")} ${endpoint.path.pattern}\`${endpoint.expose ? "" : ", private"}`;
  return [
    ...descriptionLines(endpoint),
    ...(endpoint.description === undefined ? [] : [""]),
    route,
    ...(endpoint.kind === "raw" ? [] : typeLines(endpoint)),
  ];
}

function typeLines(endpoint: Endpoint): string[] {
  return [
    "",
    `- request: ${inlineCode(endpoint.request)}`,
    ...messageLines(endpoint),
    ...(endpoint.errors ?? []).map(({ code, type, details }) => {
      return `- error: \`${type}\` (${code})${details === undefined ? "" : ` with ${inlineCode(details)}`}`;
    }),
  ];
}

function messageLines({ response, messages }: Endpoint): string[] {
  if (messages === undefined) return [`- response: ${inlineCode(response)}`];
  return [
    ...(messages.incoming === undefined ? [] : [`- sent to it: ${inlineCode(messages.incoming)}`]),
    ...(messages.outgoing === undefined ? [] : [`- sent by it: ${inlineCode(messages.outgoing)}`]),
    ...(response === undefined ? [] : [`- response: ${inlineCode(response)}`]),
  ];
}

function descriptionLines(described: Pick<Service, "description"> | null): string[] {
  return described?.description === undefined ? [] : described.description.split("\n");
}

function inlineCode(schema: Schema | undefined): string {
  if (schema === undefined) return "nothing";
  const text = printSchema(schema);
  return text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``;
}

function comment(lines: readonly string[], indent: string): string[] {
  if (lines.length === 0) return [];
  const safe = lines.map((line) => line.replaceAll("*/", "*\\/").trimEnd());
  if (safe.length === 1) return [`${indent}/** ${safe[0]} */`];
  return [`${indent}/**`, ...safe.map((line) => `${indent} * ${line}`.trimEnd()), `${indent} */`];
}

/** Prints definitions of the graph as comments, each once however many services mention it. */
export class DefinitionLines {
  readonly #schemas: Graph["schemas"];
  readonly #known = new Map<string, { readonly line: string; readonly mentions: readonly string[] } | null>();

  constructor(schemas: Graph["schemas"]) {
    this.#schemas = schemas;
  }

  /** All that the endpoints reach. */
  of(endpoints: readonly Endpoint[]): string[] {
    const open = endpoints
      .flatMap(({ request, response, messages, errors = [] }) => [
        request,
        response,
        messages?.incoming,
        messages?.outgoing,
        ...errors.map(({ details }) => details),
      ])
      .flatMap((schema) => (schema === undefined ? [] : referencedNames(schema)));
    const lines = new Map<string, string>();
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      const definition = lines.has(name) ? null : this.#print(name);
      if (definition === null) continue;
      lines.set(name, definition.line);
      open.push(...definition.mentions);
    }
    if (lines.size === 0) return [];
    const sorted = [...lines.keys()].sort().map((name) => lines.get(name)!);
    return ["", "// The types named above, as they travel:", ...sorted];
  }

  #print(name: string) {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const schema = this.#schemas[name];
    const made =
      schema === undefined
        ? null
        : { line: `//   ${name} = ${oneLine(printSchema(schema))}`, mentions: referencedNames(schema) };
    this.#known.set(name, made);
    return made;
  }
}

/** A template literal type can hold any character; line ends would leave the comment. */
function oneLine(text: string): string {
  return text.replace(/[\n\r\u2028\u2029]/g, (character) => JSON.stringify(character).slice(1, -1));
}
