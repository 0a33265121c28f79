// Describes a served API call to application code. Made when somebody asks, because most requests are never asked about.
import type { Method } from "./api.ts";
import type { RequestHeaders } from "./exchange.ts";
import type { HostedEndpoint } from "./hosted-endpoint.ts";
import type { RequestMeta, TraceData } from "./request-meta.ts";

/** The HTTP side of a request from outside; a typed call between services has none. */
export interface OutsideRequest {
  readonly method: string;
  readonly path: string;
  /** Without "?"; "" for none. */
  readonly query: string;
  /** Percent-decoded, in the order in which the endpoint's path names them. */
  readonly params: readonly string[];
  readonly headers: RequestHeaders;
}

export interface DescribedCall {
  readonly hosted: HostedEndpoint;
  readonly outside: OutsideRequest | undefined;
  /** The decoded request; undefined when the endpoint takes nothing. */
  readonly payload: unknown;
  readonly middlewareData: Record<string, unknown> | undefined;
  readonly caller: string | undefined;
  readonly span: { readonly traceId: string; readonly spanId: string };
  readonly parentSpanId: string | undefined;
}

export function apiCallMeta(call: DescribedCall): RequestMeta {
  const { hosted, outside, middlewareData, caller } = call;
  const { endpoint } = hosted;
  const payload = typeof call.payload === "object" && call.payload !== null ? { ...call.payload } : undefined;
  const path = outside?.path ?? pathOf(hosted, payload ?? {});
  return {
    type: "api-call",
    api: {
      service: hosted.service,
      endpoint: endpoint.name,
      raw: endpoint.kind === "raw",
      auth: endpoint.auth,
      tags: [...endpoint.tags],
    },
    method: (outside?.method ?? endpoint.methods[0] ?? "POST") as Method,
    path,
    pathAndQuery: outside === undefined || outside.query === "" ? path : `${path}?${outside.query}`,
    pathParams: pathParams(hosted, outside, payload ?? {}),
    headers: headersOf(outside),
    ...(payload === undefined ? {} : { parsedPayload: payload }),
    ...(middlewareData === undefined ? {} : { middlewareData }),
    ...(caller === undefined ? {} : { callerService: caller }),
    trace: traceOf(call),
  };
}

function traceOf({ span, parentSpanId, outside }: DescribedCall): TraceData {
  const correlationId = outside?.headers["x-correlation-id"];
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    ...(typeof correlationId === "string" ? { extCorrelationId: correlationId } : {}),
  };
}

/** Typed as in the request; a raw endpoint's are text. */
function pathParams(
  { endpoint }: HostedEndpoint,
  outside: OutsideRequest | undefined,
  payload: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const params: Record<string, unknown> = {};
  let position = 0;
  for (const segment of endpoint.path.segments) {
    if (segment.kind === "literal") continue;
    params[segment.name] = payload[segment.name] ?? outside?.params[position];
    position++;
  }
  return params;
}

/** The path that a client outside would have used. */
function pathOf({ endpoint }: HostedEndpoint, payload: Readonly<Record<string, unknown>>): string {
  const parts = endpoint.path.segments.map((segment) => {
    if (segment.kind === "literal") return segment.value;
    const text = textOf(payload[segment.name]);
    return segment.kind === "param" ? encodeURIComponent(text) : text.split("/").map(encodeURIComponent).join("/");
  });
  return `/${parts.join("/")}`;
}

function textOf(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value ?? "");
}

function headersOf(outside: OutsideRequest | undefined): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(outside?.headers ?? {})) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? [...value] : value;
  }
  return headers;
}
