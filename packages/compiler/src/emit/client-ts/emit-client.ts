// The TypeScript client of an app: one file over `fetch` without dependencies, for browsers and Node, from the graph.
import type { Graph, Service } from "@tenon/model";
import { clientInterfaceName, clientName } from "../clients/client-service.ts";
import { type Selection, selectServices } from "../public-api/select-services.ts";
import { type AuthPart, authParams, authPart } from "./auth-part.ts";
import { commentLines } from "./comment-lines.ts";
import { literalText } from "./literal-text.ts";
import { createTypePrinter } from "./print-type.ts";
import { type Feature, runtimeNames, runtimeText } from "./runtime-parts.ts";
import { type ServiceContext, type ServiceMembers, serviceMembers } from "./service-members.ts";
import { createShapeFinder } from "./shape-of.ts";
import { toJavaScript } from "./to-javascript.ts";
import { nameTypes } from "./type-names.ts";

export interface ClientTextOptions extends Selection {
  /** What `Local` is: the app as `tenon dev` serves it. */
  readonly localUrl: string;
  /** Addresses of environments with `{name}` in it: "https://{name}.example.com". */
  readonly environmentUrl?: string;
}

const ownNames = [
  "AuthDataGenerator",
  "AuthParams",
  "BaseURL",
  "Client",
  "ClientOptions",
  "Environment",
  "Local",
  "PreviewEnv",
];

/** The same graph and options give the same text. */
export function emitTypeScriptClient(graph: Graph, options: ClientTextOptions): string {
  return clientText(graph, options, true);
}

/** The same client without its types. */
export function emitJavaScriptClient(graph: Graph, options: ClientTextOptions): string {
  return toJavaScript(clientText(graph, options, false));
}

function clientText(graph: Graph, options: ClientTextOptions, overloads: boolean): string {
  const services = selectServices(graph, options);
  const reserved = [...ownNames, "authRoute", "shapes", ...runtimeNames()];
  const classes = services.map(({ name }) => freeClassName(clientInterfaceName(name), reserved));
  const names = nameTypes(services, authParams(graph), graph.schemas, [...reserved, ...classes]);
  const printer = createTypePrinter(names);
  const shapes = createShapeFinder(graph.schemas);
  const context: ServiceContext = { schemas: graph.schemas, names, printer, shapes, overloads };
  const members = services.map((service) => serviceMembers(service, context));
  const auth = authPart(graph, printer);
  const clients = services.map((service, index) => ({ service, name: classes[index]!, members: members[index]! }));
  const parts = [
    headLines(graph),
    addressLines(graph, options),
    clientLines(graph, clients, auth),
    optionLines(auth),
    ...clients.map(serviceClassLines),
    ...clients.map(({ service, name, members: own }) => namespaceLines(service, name, own.types, context)),
    sharedLines(context),
    [`const shapes: Shapes = ${literalText(shapes.shapes(), "", 24)};`],
  ];
  const text = parts.filter((lines) => lines.length > 0).map((lines) => lines.join("\n"));
  return `${[...text, runtimeText(featuresOf(services))].join("\n\n")}\n`;
}

interface ServiceClient {
  readonly service: Service;
  readonly name: string;
  readonly members: ServiceMembers;
}

function freeClassName(wanted: string, reserved: readonly string[]): string {
  return reserved.includes(wanted) ? `${wanted}_` : wanted;
}

function featuresOf(services: readonly Service[]): ReadonlySet<Feature> {
  const kinds = new Set(services.flatMap(({ endpoints }) => endpoints.map(({ kind }) => kind)));
  const features = new Set<Feature>();
  if (kinds.has("stream-in") || kinds.has("stream-out") || kinds.has("stream-in-out")) features.add("streams");
  if (kinds.has("sse") || kinds.has("http-stream")) features.add("events");
  if (kinds.has("raw")) features.add("raw");
  return features;
}

function headLines(graph: Graph): string[] {
  return [
    `// Client of ${JSON.stringify(graph.app.id)}. Written by \`tenon gen client\`: write it anew when the app changes, do not edit it.`,
    "/* eslint-disable */",
  ];
}

function addressLines(graph: Graph, { localUrl, environmentUrl }: ClientTextOptions): string[] {
  const address = environmentUrl?.replaceAll("`", "%60").replaceAll("$", "%24").replaceAll("{name}", `\${name}`);
  const body =
    address === undefined
      ? `throw new Error(\`${graph.app.id} has no address for "\${name}": give --environment-url to tenon gen client\`);`
      : `return \`${address}\`;`;
  return [
    "/** Base address of the app's public door. */",
    "export type BaseURL = string;",
    "",
    "/** The app as it runs on this machine. */",
    `export const Local: BaseURL = ${JSON.stringify(localUrl)};`,
    "",
    "/** The app as it runs in an environment. */",
    "export function Environment(name: string): BaseURL {",
    `  ${body}`,
    "}",
    "",
    "/** The environment of a pull request. */",
    "export function PreviewEnv(pr: number | string): BaseURL {",
    `  return Environment(\`pr\${pr}\`);`,
    "}",
  ];
}

function clientLines(graph: Graph, clients: readonly ServiceClient[], auth: AuthPart | null): string[] {
  const field = ({ service }: ServiceClient) => fieldName(service);
  return [
    `/** Calls ${JSON.stringify(graph.app.id)} from outside. */`,
    "export class Client {",
    ...clients.flatMap((client) => [
      ...commentLines(client.service.description, "  "),
      `  readonly ${field(client)}: ${client.name};`,
    ]),
    "  readonly #target: BaseURL;",
    "  readonly #options: ClientOptions;",
    "",
    "  /** `target`: where the app is, for example `Local`. */",
    "  constructor(target: BaseURL = Local, options: ClientOptions = {}) {",
    "    this.#target = target;",
    "    this.#options = options;",
    `    const base = new BaseClient(target, options, shapes${auth === null ? "" : ", authRoute"});`,
    ...clients.map((client) => `    this.${field(client)} = new ${client.name}(base);`),
    "  }",
    "",
    "  /** A client with other options in place of some of this one's. */",
    "  with(options: ClientOptions): Client {",
    "    return new Client(this.#target, { ...this.#options, ...options });",
    "  }",
    "}",
    "",
    "export default Client;",
  ];
}

/** `with` is the client's own. */
function fieldName({ name }: Service): string {
  const field = clientName(name);
  return field === "with" || field === "constructor" ? `${field}_` : field;
}

function optionLines(auth: AuthPart | null): string[] {
  if (auth === null) return ["export interface ClientOptions extends BaseOptions {}"];
  return ["export interface ClientOptions extends BaseOptions {", ...auth.option, "}", "", ...auth.lines];
}

function serviceClassLines({ service, name, members }: ServiceClient): string[] {
  return [
    ...commentLines(service.description, ""),
    `export class ${name} {`,
    "  readonly #base: BaseClient;",
    "",
    "  constructor(base: BaseClient) {",
    "    this.#base = base;",
    "    bindMethods(this);",
    "  }",
    ...(members.methods.length === 0 ? [] : ["", ...members.methods]),
    "}",
  ];
}

function namespaceLines(
  service: Service,
  className: string,
  own: readonly string[],
  context: ServiceContext,
): string[] {
  const namespace = context.names.namespaces.get(service.name)!;
  const alias = context.names.unique(namespace, "ServiceClient");
  const shared = context.names.aliases.filter((one) => one.namespace === namespace);
  return [
    `export namespace ${namespace} {`,
    `  export type ${alias} = ${className};`,
    ...shared.map(({ name, of }) => `  export type ${name} = ${of.namespace}.${of.name};`),
    ...definitionLines(namespace, context),
    ...own.flatMap((line) => line.split("\n")),
    "}",
  ];
}

function sharedLines(context: ServiceContext): string[] {
  const lines = definitionLines(context.names.shared, context);
  return lines.length === 0 ? [] : [`export namespace ${context.names.shared} {`, ...lines, "}"];
}

function definitionLines(namespace: string, { names, schemas, printer }: ServiceContext): string[] {
  const here = [...names.definitions].filter(([, place]) => place.namespace === namespace);
  return here.flatMap(([definition, { name }]) => {
    const schema = schemas[definition]!;
    if (schema.kind === "object") {
      const comment = commentLines(schema.description, "  ");
      return [...comment, `  export interface ${name} ${printer.printObject(schema, namespace, "  ")}`];
    }
    return [`  export type ${name} = ${printer.print(schema, namespace, "  ")};`];
  });
}
