// What a process knows of the app's auth handlers: how they are declared, how their data is checked where it has the codecs, and the
// handlers themselves where it runs them.
import type { AuthHandler, AuthHandlerCodec, Graph, Issue } from "@tenon/model";
import { headerOf, type RequestHeaders } from "../call/exchange.ts";
import { RequestError } from "../call/request-error.ts";
import type { HostedAuthHandler } from "./hosted-auth-handler.ts";
import { AUTH_HEADERS, Identity } from "./identity.ts";

export class AuthBook {
  private readonly declared: ReadonlyMap<string, AuthHandler>;
  private readonly codecs = new Map<string, AuthHandlerCodec>();
  private readonly hosted = new Map<string, HostedAuthHandler>();

  constructor(graph: Pick<Graph, "authHandlers">) {
    this.declared = new Map((graph.authHandlers ?? []).map((handler) => [handler.name, handler]));
  }

  /** Services whose codecs say what auth data looks like. */
  get homes(): ReadonlySet<string> {
    return new Set([...this.declared.values()].map(({ service }) => service));
  }

  addCodecs(codecs: Readonly<Record<string, AuthHandlerCodec>>): void {
    for (const [name, codec] of Object.entries(codecs)) this.codecs.set(name, codec);
  }

  addHosted(handler: HostedAuthHandler): void {
    this.hosted.set(handler.name, handler);
  }

  /** undefined: the graph has no such handler. */
  declaration(name: string): AuthHandler | undefined {
    return this.declared.get(name);
  }

  /** undefined: another process runs it. */
  hostedHandler(name: string): HostedAuthHandler | undefined {
    return this.hosted.get(name);
  }

  /** Who another process of the app says that a request is made for. Throws when that does not match what the handler gives. */
  identityFrom(headers: RequestHeaders): Identity | undefined {
    const handler = headerOf(headers, AUTH_HEADERS.handler);
    const text = headerOf(headers, AUTH_HEADERS.data);
    if (handler === undefined || text === undefined) return undefined;
    const codec = this.codecs.get(handler)?.data;
    if (codec === undefined) throw new Error(`no codec is known for what the auth handler ${handler} gives`);
    const issues: Issue[] = [];
    const data = codec.decode(JSON.parse(text), issues);
    if (issues.length > 0)
      throw new Error(`auth data of ${handler} does not match its type: ${JSON.stringify(issues)}`);
    return new Identity(handler, data, codec);
  }

  /** For whom the options of a call say that it is made; the first handler whose data it can be. null: for nobody. */
  identityOf(authData: unknown): Identity | undefined {
    if (authData === null || authData === undefined) return undefined;
    const problems: Issue[] = [];
    for (const [handler, codec] of this.codecs) {
      const issues: Issue[] = [];
      const data = (codec.givenData ?? codec.data).copy(authData, issues);
      if (issues.length === 0) return new Identity(handler, data, codec.data);
      problems.push(...issues);
    }
    const reason = problems.map(({ path, message }) => `${path === "" ? "it" : path} ${message}`).join("; ");
    throw new RequestError("auth_data_invalid", { reason: reason === "" ? "the app has no auth handler" : reason });
  }
}
