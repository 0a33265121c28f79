// What application code can learn about the request it serves: `currentRequest()` and the shapes it gives.
import type { Method } from "./api.ts";
import { currentCall } from "./context.ts";

/** The endpoint that is being served. */
export interface APIDesc {
  service: string;
  endpoint: string;
  /** Declared with `api.raw`. */
  raw: boolean;
  /** Serves authenticated callers only. */
  auth: boolean;
  tags: string[];
}

/** An API call that is being served. */
export interface APICallMeta {
  type: "api-call";
  api: APIDesc;
  /** Of a typed call from another service: the first method that the endpoint answers. */
  method: Method;
  /** Without the query: "/users/7". */
  path: string;
  /** "/users/7?verbose=true"; the query is that of the request from outside. */
  pathAndQuery: string;
  /** By the names in the endpoint's path, with the types of the request: `{ id: 7 }`. */
  // biome-ignore lint/suspicious/noExplicitAny: the endpoint's own types; an `unknown` would have to be cast at every use
  pathParams: Record<string, any>;
  /** Lower-case names; an array where a header came more than once. Empty for typed calls between services, which carry none. */
  headers: Record<string, string | string[]>;
  /** The request as the handler gets it. Absent for raw endpoints and those that take nothing. */
  // biome-ignore lint/suspicious/noExplicitAny: the endpoint's own types, as above
  parsedPayload?: Record<string, any>;
  /** What middleware put into `req.data`. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever the middleware put there
  middlewareData?: Record<string, any>;
  /** The service that made the call; absent for requests from outside. */
  callerService?: string;
}

/** A message of a topic that is being handled. */
export interface PubSubMessageMeta {
  type: "pubsub-message";
  service: string;
  topic: string;
  subscription: string;
  /** What `publish` returned; the same in every attempt. */
  messageId: string;
  /** 1 for the first. */
  deliveryAttempt: number;
  // biome-ignore lint/suspicious/noExplicitAny: the topic's message type, which is not known here
  parsedPayload?: Record<string, any>;
  /** In a batch handler: all messages of the batch, in its order. The fields beside it are those of the first. */
  batch?: BatchedMessageMeta[];
}

/** One message of a batch that is being handled. */
export interface BatchedMessageMeta {
  messageId: string;
  deliveryAttempt: number;
  // biome-ignore lint/suspicious/noExplicitAny: the topic's message type, as above
  parsedPayload: Record<string, any>;
}

/** Where the request stands in its trace. */
export interface TraceData {
  /** 32 hex digits. */
  traceId: string;
  /** 16 hex digits: the endpoint's own span. */
  spanId: string;
  /** The trace of the caller that started this one, where it is another one. */
  parentTraceId?: string;
  /** Absent at the root of the trace. */
  parentSpanId?: string;
  /** `x-correlation-id` of the request. */
  extCorrelationId?: string;
}

/** What every kind of request has. */
export interface BaseRequestMeta {
  trace?: TraceData;
}

/** An API call or a message that is being served; `type` tells which. */
export type RequestMeta = (APICallMeta | PubSubMessageMeta) & BaseRequestMeta;

/** The request that the running code serves; undefined outside of one: while modules load, in `init`, in timers set there. */
export function currentRequest(): RequestMeta | undefined {
  return currentCall()?.requestMeta;
}
