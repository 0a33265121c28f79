// One endpoint that this process can run: its declaration, the generated codec and the user's function, with what every request
// would otherwise have to compute again.
import type { Endpoint, EndpointCodec } from "@tenon/model";
import { RequestMetrics } from "../metrics/request-metrics.ts";
import type { Middleware } from "../middleware/middleware.ts";
import { type SpanTemplate, spanTemplate } from "../telemetry/span-template.ts";
import type { APIError } from "./api-error.ts";
import { RequestError } from "./request-error.ts";
import { type EndpointSchemas, schemasOf } from "./standard-schema.ts";

/** `stream`: of kinds that have one. */
export type Handler = (request?: unknown, stream?: unknown) => unknown;

export class HostedEndpoint {
  readonly service: string;
  readonly endpoint: Endpoint;
  /** "orders.create": name of its spans and in messages. */
  readonly name: string;
  readonly codec: EndpointCodec;
  readonly handler: Handler;
  /** Those that run around it, the outermost first. */
  readonly middlewares: readonly Middleware[];
  /** Schemas of a validation library that have the last word on requests and responses. */
  readonly schemas: EndpointSchemas;
  /** Nothing stands between a decoded request and the handler, nor between what it returns and the answer. */
  readonly isPlain: boolean;
  /** It answers with JSON, and no field of the response travels as status, header or cookie. */
  readonly hasJsonBody: boolean;
  /** A request body has a meaning for it. */
  readonly readsBody: boolean;
  readonly deadlinePassed: () => APIError;
  readonly callerGone: () => APIError;
  readonly metrics: RequestMetrics;
  private readonly templates = new Map<string, SpanTemplate>();
  private readonly outsideTemplate: SpanTemplate;

  constructor(
    service: string,
    endpoint: Endpoint,
    codec: EndpointCodec,
    handler: Handler,
    middlewares: readonly Middleware[] = [],
  ) {
    this.service = service;
    this.endpoint = endpoint;
    this.name = `${service}.${endpoint.name}`;
    this.codec = codec;
    this.handler = handler;
    this.metrics = new RequestMetrics(service, endpoint.name);
    this.middlewares = middlewares;
    this.schemas = schemasOf(handler);
    this.isPlain =
      middlewares.length === 0 && this.schemas.request === undefined && this.schemas.response === undefined;
    const { response } = codec;
    this.hasJsonBody =
      response !== null &&
      response.takeHeaders === undefined &&
      response.takeStatus === undefined &&
      response.takeCookies === undefined;
    this.readsBody = endpoint.fields.some((field) => field.in === "body");
    this.outsideTemplate = this.templateOf(undefined);
    this.deadlinePassed = () => new RequestError("deadline_passed", { endpoint: this.name });
    this.callerGone = () => new RequestError("call_canceled", { endpoint: this.name });
  }

  /** A handler that takes no handshake has the stream as its only parameter, unless it is written with both. */
  handleStream(handshake: unknown, stream: unknown): unknown {
    const hasBoth = this.codec.request !== null || this.handler.length > 1;
    return hasBoth ? this.handler(handshake, stream) : this.handler(stream);
  }

  /** Of the endpoint's own span, for calls of one service, or from outside. */
  // hot: guarded by bench/door
  spanTemplate(caller: string | undefined): SpanTemplate {
    if (caller === undefined) return this.outsideTemplate;
    let template = this.templates.get(caller);
    if (template === undefined) {
      template = this.templateOf(caller);
      this.templates.set(caller, template);
    }
    return template;
  }

  private templateOf(caller: string | undefined): SpanTemplate {
    return spanTemplate({
      name: this.name,
      kind: "server",
      service: this.service,
      attributes: {
        "rpc.system": "tenon",
        "rpc.service": this.service,
        "rpc.method": this.endpoint.name,
        ...(caller === undefined ? {} : { "tenon.caller": caller }),
      },
    });
  }
}
