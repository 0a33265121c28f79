// What of a public endpoint of this process is the same for all its requests, for those that nothing stands in front of: typed, no code
// of the gateway's own, no auth handlers, no middleware, no validation library. Such requests take one short way (plain-visit.ts); for
// all others the gateway puts the stages together per request.
import type { HostedEndpoint } from "../call/hosted-endpoint.ts";
import type { CorsPolicy } from "../cors/cors-policy.ts";
import { publicRequestTemplate } from "../telemetry/request-spans.ts";
import type { SpanTemplate } from "../telemetry/span-template.ts";

export class PlainRoute {
  readonly hosted: HostedEndpoint;
  readonly cors: CorsPolicy;
  /** It answers with JSON, and no field of the response travels as status, header or cookie. */
  readonly hasJsonBody: boolean;
  private readonly method: string;
  private readonly template: SpanTemplate;
  private readonly otherTemplates = new Map<string, SpanTemplate>();

  constructor(hosted: HostedEndpoint, cors: CorsPolicy) {
    const { methods, path } = hosted.endpoint;
    const { response } = hosted.codec;
    this.hosted = hosted;
    this.cors = cors;
    this.hasJsonBody =
      response !== null &&
      response.takeHeaders === undefined &&
      response.takeStatus === undefined &&
      response.takeCookies === undefined;
    this.method = methods[0] ?? "POST";
    this.template = publicRequestTemplate(this.method, path.pattern);
  }

  /** `method`: one that the route answers. */
  // hot: guarded by bench/door
  spanTemplate(method: string): SpanTemplate {
    return method === this.method ? this.template : this.otherTemplate(method);
  }

  private otherTemplate(method: string): SpanTemplate {
    let template = this.otherTemplates.get(method);
    if (template === undefined) {
      template = publicRequestTemplate(method, this.hosted.endpoint.path.pattern);
      this.otherTemplates.set(method, template);
    }
    return template;
  }
}

/** `isOpen`: the gateway has neither code of its own nor auth handlers. undefined: not a plain one. */
export function plainRoute(
  hosted: HostedEndpoint | undefined,
  cors: CorsPolicy,
  isOpen: boolean,
): PlainRoute | undefined {
  if (hosted === undefined || !isOpen) return undefined;
  const { endpoint, schemas, middlewares } = hosted;
  // What answers OPTIONS may be meant by a preflight.
  const isPlain = endpoint.kind === "typed" && !endpoint.auth && !endpoint.methods.includes("OPTIONS");
  if (!isPlain || middlewares.length > 0) return undefined;
  return schemas.request === undefined && schemas.response === undefined ? new PlainRoute(hosted, cors) : undefined;
}
