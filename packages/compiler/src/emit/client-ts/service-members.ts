// The methods of a service's client class, and the types that they name.
import {
  type DeclaredError,
  type Endpoint,
  resolveSchema,
  type Schema,
  type Schemas,
  type Service,
} from "@tenon/model";
import { commentLines } from "./comment-lines.ts";
import { literalText } from "./literal-text.ts";
import { parametersOf, type PathParameter } from "./path-parameters.ts";
import type { TypePrinter } from "./print-type.ts";
import { requestSchema, responseSchema, routeOf } from "./route-of.ts";
import type { ShapeFinder } from "./shape-of.ts";
import type { TypeNames } from "./type-names.ts";

export interface ServiceContext {
  readonly schemas: Schemas;
  readonly names: TypeNames;
  readonly printer: TypePrinter;
  readonly shapes: ShapeFinder;
  /** The several ways to call a method are written out. JavaScript cannot say them, and their comments would go with them. */
  readonly overloads: boolean;
}

export interface ServiceMembers {
  /** Of the class, blank lines between. */
  readonly methods: string[];
  /** Of the namespace: types of requests, responses and errors that have no name of their own. */
  readonly types: string[];
}

export function serviceMembers(service: Service, context: ServiceContext): ServiceMembers {
  const methods: string[] = [];
  const types: string[] = [];
  for (const endpoint of service.endpoints) {
    if (endpoint.kind === "static") continue;
    const writer = new EndpointWriter(endpoint, context.names.namespaces.get(service.name)!, context, types);
    methods.push("", ...writer.method());
  }
  return { methods: methods.slice(1), types };
}

class EndpointWriter {
  readonly #endpoint: Endpoint;
  readonly #namespace: string;
  readonly #context: ServiceContext;
  readonly #types: string[];

  constructor(endpoint: Endpoint, namespace: string, context: ServiceContext, types: string[]) {
    this.#endpoint = endpoint;
    this.#namespace = namespace;
    this.#context = context;
    this.#types = types;
  }

  method(): string[] {
    const comment = commentLines(this.#comment(), "  ");
    return this.#endpoint.kind === "raw" ? [...comment, ...this.#rawMethod()] : [...comment, ...this.#typedMethod()];
  }

  #comment(): string {
    const { description, methods, path, auth } = this.#endpoint;
    const route = `\`${methods.join(", ")} ${path.pattern}\`${auth ? ", needs auth" : ""}`;
    return description === undefined ? route : `${description}\n\n${route}`;
  }

  #typedMethod(): string[] {
    const { schemas, shapes } = this.#context;
    const name = methodName(this.#endpoint);
    const returns = this.#returns();
    this.#errorType();
    const route = routeOf(this.#endpoint, schemas, shapes);
    const call = `    return this.#base.${returns.call}(${literalText(route, "    ", returns.call.length + 23)}, `;
    const forms = this.#parameterForms();
    if (forms.length === 1) {
      const passed = this.#endpoint.request === undefined ? "[options]" : "[request, options]";
      return [`  ${name}(${forms[0]}): ${returns.type} {`, `${call}${passed});`, "  }"];
    }
    return [
      ...this.#overloads(forms.map((form) => `  ${name}(${form}): ${returns.type};`)),
      `  ${name}(...args: unknown[]): ${returns.type} {`,
      `${call}args);`,
      "  }",
    ];
  }

  #overloads(lines: readonly string[]): readonly string[] {
    return this.#context.overloads ? lines : [];
  }

  /** All fields as one object; where the path has parameters, also these one by one with the other fields behind them. */
  #parameterForms(): string[] {
    const { schemas } = this.#context;
    const request = requestSchema(this.#endpoint, schemas);
    const options = "options?: CallOptions";
    if (request === undefined) return [options];
    const type = this.#name(request, "Request");
    const object = resolveSchema(request, schemas);
    const properties = object.kind === "object" ? object.properties : [];
    const isOptional = properties.every(({ optional }) => optional);
    const whole = `request${isOptional ? "?" : ""}: ${type}, ${options}`;
    const inPath = parametersOf(this.#endpoint, properties);
    if (inPath.length === 0) return [whole];
    const single = inPath.map((one) => `${one.variable}: ${this.#parameterType(one)}`);
    const others = properties.filter(({ name }) => !inPath.some((one) => one.name === name));
    if (others.length > 0) {
      const mark = others.every(({ optional }) => optional) ? "?" : "";
      const left = inPath.map(({ name }) => JSON.stringify(name)).join(" | ");
      single.push(`params${mark}: Omit<${type}, ${left}>`);
    }
    return [whole, [...single, options].join(", ")];
  }

  #parameterType({ schema, takesRest }: PathParameter): string {
    const type = schema === undefined ? "string" : this.#context.printer.print(schema, "", "  ");
    return takesRest ? `${type} | string[]` : type;
  }

  #returns(): { call: string; type: string } {
    const { schemas } = this.#context;
    const { kind, messages } = this.#endpoint;
    const incoming = () => this.#name(messages?.incoming, "Message");
    const outgoing = () => this.#name(messages?.outgoing, "Event");
    const response = () => this.#name(responseSchema(this.#endpoint, schemas), "Response");
    switch (kind) {
      case "stream-in-out":
        return { call: "streamInOut", type: `Promise<StreamInOut<${incoming()}, ${outgoing()}>>` };
      case "stream-out":
        return { call: "streamIn", type: `Promise<StreamIn<${outgoing()}>>` };
      case "stream-in":
        return { call: "streamOut", type: `Promise<StreamOut<${incoming()}, ${response()}>>` };
      case "sse":
        return { call: "events", type: `EventStream<${outgoing()}>` };
      case "http-stream":
        return { call: "lines", type: `AsyncGenerator<${outgoing()}, void, undefined>` };
      default:
        return { call: "call", type: `Promise<${response()}>` };
    }
  }

  #rawMethod(): string[] {
    const { shapes, schemas } = this.#context;
    const name = methodName(this.#endpoint);
    const methods = this.#endpoint.methods.filter((method) => method !== "CONNECT");
    const route = routeOf(this.#endpoint, schemas, shapes);
    const inPath = parametersOf(this.#endpoint, []);
    const single = [
      `method: ${methods.map((method) => JSON.stringify(method)).join(" | ")}`,
      ...inPath.map((one) => `${one.variable}: ${this.#parameterType(one)}`),
      'body?: RequestInit["body"]',
      "options?: RawInit",
    ];
    const mark = inPath.length === 0 ? "?" : "";
    return [
      ...this.#overloads([
        `  ${name}(init${mark}: RawInit): Promise<Response>;`,
        `  ${name}(${single.join(", ")}): Promise<Response>;`,
      ]),
      `  ${name}(...args: unknown[]): Promise<Response> {`,
      `    return this.#base.raw(${literalText(route)}, ${literalText(methods)}, args);`,
      "  }",
    ];
  }

  /** A named type as it is, scalars written out, anything larger under a name of its own. */
  #name(schema: Schema | undefined, role: string): string {
    if (schema === undefined) return "void";
    const { printer, names } = this.#context;
    if (schema.kind !== "object") return printer.print(schema, "", "  ");
    const name = names.unique(this.#namespace, capitalized(this.#endpoint.name) + role);
    const text = printer.printObject(schema, this.#namespace, "  ");
    this.#types.push(...commentLines(schema.description, "  "), `  export interface ${name} ${text}`);
    return `${this.#namespace}.${name}`;
  }

  #errorType(): void {
    const { errors = [] } = this.#endpoint;
    if (errors.length === 0) return;
    const name = this.#context.names.unique(this.#namespace, `${capitalized(this.#endpoint.name)}Error`);
    const declared = errors.map((error) => this.#errorOf(error));
    const others = `Exclude<ErrCode, ${errors.map(({ code }) => JSON.stringify(code)).join(" | ")}>`;
    const options = [...declared, `APIErrorOf<${others}, unknown>`].map((option) => `    | ${option}`);
    const words = errors.map(
      ({ code, description }) => `- \`${code}\`${description === undefined ? "" : `: ${description}`}`,
    );
    const comment = [`What \`${this.#endpoint.name}\` can fail with; for \`isAPIError\`.`, "", ...words].join("\n");
    this.#types.push(...commentLines(comment, "  "), `  export type ${name} =`, `${options.join("\n")};`);
  }

  #errorOf({ code, details }: DeclaredError): string {
    const type = details === undefined ? "unknown" : this.#context.printer.print(details, this.#namespace, "    ");
    return `APIErrorOf<${JSON.stringify(code)}, ${type}>`;
  }
}

/** A class has one method that it cannot name as it likes. */
function methodName({ name }: Endpoint): string {
  return name === "constructor" ? "constructor_" : name;
}

function capitalized(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
