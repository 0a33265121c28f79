// One endpoint that this process can run: its declaration, the generated codec and the user's function, with what every request
// would otherwise have to compute again.
import type { Attributes, Endpoint, EndpointCodec } from "@tenon/model";
import { RequestMetrics } from "../metrics/request-metrics.ts";
import type { Middleware } from "../middleware/middleware.ts";
import type { APIError } from "./api-error.ts";
import { RequestError } from "./request-error.ts";

export type Handler = (request?: unknown) => unknown;

export class HostedEndpoint {
  readonly service: string;
  readonly endpoint: Endpoint;
  /** "orders.create": name of its spans and in messages. */
  readonly name: string;
  readonly codec: EndpointCodec;
  readonly handler: Handler;
  /** Those that run around it, the outermost first. */
  readonly middlewares: readonly Middleware[];
  /** A request body has a meaning for it. */
  readonly readsBody: boolean;
  readonly deadlinePassed: () => APIError;
  readonly callerGone: () => APIError;
  readonly metrics: RequestMetrics;
  private readonly attributesByCaller = new Map<string | undefined, Attributes>();

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
    this.readsBody = endpoint.fields.some((field) => field.in === "body");
    this.deadlinePassed = () => new RequestError("deadline_passed", { endpoint: this.name });
    this.callerGone = () => new RequestError("call_canceled", { endpoint: this.name });
  }

  /** Of the endpoint's own span. The same object for the same caller: spans share it. */
  attributesFor(caller: string | undefined): Attributes {
    let attributes = this.attributesByCaller.get(caller);
    if (attributes === undefined) {
      attributes = {
        "rpc.system": "tenon",
        "rpc.service": this.service,
        "rpc.method": this.endpoint.name,
        ...(caller === undefined ? {} : { "tenon.caller": caller }),
      };
      this.attributesByCaller.set(caller, attributes);
    }
    return attributes;
  }
}
