// What of a typed endpoint of this process is the same for all its public requests, where the gateway has no code of its own. Such
// requests take one short way (plain-visit.ts); for all others the gateway puts the stages together per request.
import type { AuthGate } from "../auth/identify-caller.ts";
import type { HostedEndpoint } from "../call/hosted-endpoint.ts";
import type { CorsPolicy } from "../cors/cors-policy.ts";
import { publicRequestTemplate } from "../telemetry/request-spans.ts";
import type { SpanTemplate } from "../telemetry/span-template.ts";

export class PlainRoute {
  readonly hosted: HostedEndpoint;
  readonly cors: CorsPolicy;
  /** undefined: nobody there asks who the caller is. */
  readonly gate: AuthGate | undefined;
  private readonly method: string;
  private readonly template: SpanTemplate;
  private readonly otherTemplates = new Map<string, SpanTemplate>();

  constructor(hosted: HostedEndpoint, cors: CorsPolicy, gate: AuthGate) {
    const { methods, path } = hosted.endpoint;
    this.hosted = hosted;
    this.cors = cors;
    this.gate = gate.handlers.length === 0 && !hosted.endpoint.auth ? undefined : gate;
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

/** undefined: not a plain one. */
export function plainRoute(
  hosted: HostedEndpoint | undefined,
  cors: CorsPolicy,
  gate: AuthGate,
): PlainRoute | undefined {
  if (hosted === undefined) return undefined;
  const { kind, methods } = hosted.endpoint;
  // What answers OPTIONS may be meant by a preflight.
  return kind === "typed" && !methods.includes("OPTIONS") ? new PlainRoute(hosted, cors, gate) : undefined;
}
