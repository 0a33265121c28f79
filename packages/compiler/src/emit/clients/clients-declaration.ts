// Emits `clients/index.d.ts`: one flat interface per service. Request and response types are taken from the user's functions, so
// they are exact; the comments show them as they travel, so that the file reads as documentation and changes with every contract.
import { dirname, join, relative, sep } from "node:path";
import { type Endpoint, type Graph, resolveSchema, type Schema, type Schemas, type Service } from "@tenon/model";
import {
  type ClientEndpoint,
  type ClientService,
  clientInterfaceName,
  clientName,
  sortedServices,
} from "./client-service.ts";
import { printSchema, referencedNames } from "./print-schema.ts";

export interface ClientsDeclarationInput {
  /** Absolute. */
  readonly appDir: string;
  /** Absolute path of the file that the text is for. */
  readonly file: string;
  readonly services: readonly ClientService[];
  /** What is known of the types; null before the first analysis. Endpoints that it lacks get no comment. */
  readonly graph: Graph | null;
}

export function emitClientsDeclaration(input: ClientsDeclarationInput): string {
  const services = sortedServices(input.services);
  const aliases = importAliases(services);
  const lines = [
    "// Written by Tenon from the services of this app; rewritten on every change.",
    'import type { CallOpts, RequestOf, ResponseOf } from "tenon/api";',
    ...importLines(input, services, aliases),
  ];
  for (const service of services) lines.push("", ...serviceLines(service, input.graph, aliases));
  lines.push(...definitionLines(input.graph));
  return `${lines.join("\n")}\n`;
}

/** Endpoint -> local name of its import: users_get; unique also where names run together. */
function importAliases(services: readonly ClientService[]): Map<ClientEndpoint, string> {
  const aliases = new Map<ClientEndpoint, string>();
  const taken = new Set<string>();
  for (const service of services) {
    for (const endpoint of service.endpoints) {
      const wanted = `${clientName(service.name)}_${endpoint.name}`;
      let alias = wanted;
      for (let count = 2; taken.has(alias); count++) alias = `${wanted}_${count}`;
      taken.add(alias);
      aliases.set(endpoint, alias);
    }
  }
  return aliases;
}

/** A `.ts` ending is allowed in declaration files whatever the user's settings, and needs no look-up. */
function importLines(
  input: ClientsDeclarationInput,
  services: readonly ClientService[],
  aliases: ReadonlyMap<ClientEndpoint, string>,
): string[] {
  const namesByFile = new Map<string, string[]>();
  for (const endpoint of services.flatMap((service) => service.endpoints)) {
    const names = namesByFile.get(endpoint.file) ?? [];
    namesByFile.set(endpoint.file, names);
    names.push(`${endpoint.exportName} as ${aliases.get(endpoint)}`);
  }
  return [...namesByFile].map(([file, names]) => {
    const path = relative(dirname(input.file), join(input.appDir, file)).split(sep).join("/");
    const specifier = path.startsWith(".") ? path : `./${path}`;
    return `import type { ${names.join(", ")} } from ${JSON.stringify(specifier)};`;
  });
}

function serviceLines(
  service: ClientService,
  graph: Graph | null,
  aliases: ReadonlyMap<ClientEndpoint, string>,
): string[] {
  const known = graph?.services.find(({ name }) => name === service.name);
  const name = clientInterfaceName(service.name);
  const methods = service.endpoints.map((endpoint) => {
    const contract = known?.endpoints.find((candidate) => candidate.name === endpoint.name);
    return methodLines(endpoint, contract, graph?.schemas ?? {}, aliases.get(endpoint)!);
  });
  return [
    ...comment(descriptionLines(known), ""),
    `export interface ${name} {`,
    ...methods.flatMap((lines, index) => (index === 0 ? lines : ["", ...lines])),
    "}",
    `export declare const ${clientName(service.name)}: ${name};`,
  ];
}

function methodLines(
  endpoint: ClientEndpoint,
  contract: Endpoint | undefined,
  schemas: Schemas,
  alias: string,
): string[] {
  const takesNothing = contract !== undefined && contract.request === undefined;
  const mark = contract?.request !== undefined && isAllOptional(contract.request, schemas) ? "?" : "";
  const request = takesNothing ? "" : `request${mark}: RequestOf<typeof ${alias}>, `;
  return [
    ...comment(contract === undefined ? [] : contractLines(contract), "  "),
    `  ${endpoint.name}(${request}options?: CallOpts): Promise<ResponseOf<typeof ${alias}>>;`,
  ];
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
    "",
    `- request: ${inlineCode(endpoint.request)}`,
    `- response: ${inlineCode(endpoint.response)}`,
  ];
}

function descriptionLines(described: Pick<Service, "description"> | undefined): string[] {
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

/** The definitions behind the names in the comments above. */
function definitionLines(graph: Graph | null): string[] {
  if (graph === null) return [];
  const endpoints = graph.services.flatMap((service) => service.endpoints);
  const open = endpoints
    .flatMap(({ request, response }) => [request, response])
    .filter((schema) => schema !== undefined);
  const names = new Set<string>();
  for (let schema = open.pop(); schema !== undefined; schema = open.pop()) {
    for (const name of referencedNames(schema)) {
      const definition = graph.schemas[name];
      if (definition === undefined || names.has(name)) continue;
      names.add(name);
      open.push(definition);
    }
  }
  if (names.size === 0) return [];
  const definitions = [...names].sort().map((name) => `//   ${name} = ${oneLine(printSchema(graph.schemas[name]!))}`);
  return ["", "// The types named above, as they travel:", ...definitions];
}

/** A template literal type can hold any character; line ends would leave the comment. */
function oneLine(text: string): string {
  return text.replace(/[\n\r\u2028\u2029]/g, (character) => JSON.stringify(character).slice(1, -1));
}
