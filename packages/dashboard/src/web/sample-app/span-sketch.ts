// Writes a trace as a nested sketch, outermost span first, and turns it into the flat list of spans that the API gives.
import type { Attributes, Span, SpanEvent, SpanKind, Trace } from "@tenon/model";

export interface SpanSketch {
  readonly service: string;
  readonly name: string;
  readonly kind: SpanKind;
  /** Milliseconds since the trace began. */
  readonly from: number;
  readonly to: number;
  readonly attributes?: Attributes;
  /** The span failed with this error. */
  readonly error?: { readonly type: string; readonly message: string; readonly stack: string };
  readonly events?: readonly SpanEvent[];
  readonly children?: readonly SpanSketch[];
}

/** `number` makes the trace's ids and its spans' ids, so that they are the same in every run. */
export function traceOf(number: number, startedAt: number, top: SpanSketch): Trace {
  const traceId = number.toString(16).padStart(8, "0").padStart(32, "4bf92f3577b34da6a3ce929d");
  const spans: Span[] = [];
  const add = (sketch: SpanSketch, parentSpanId: string | null) => {
    const spanId = (number * 100_000 + spans.length + 1).toString(16).padStart(16, "b7ad6b71");
    spans.push({
      traceId,
      spanId,
      parentSpanId,
      service: sketch.service,
      name: sketch.name,
      kind: sketch.kind,
      startedAt: startedAt + sketch.from,
      durationMs: sketch.to - sketch.from,
      status: sketch.error === undefined ? "unset" : "error",
      attributes: sketch.attributes ?? {},
      events: eventsOf(sketch, startedAt),
    });
    for (const child of sketch.children ?? []) add(child, spanId);
  };
  add(top, null);
  // Spans arrive when they end, so a parent comes after its children.
  return { traceId, spans: spans.reverse() };
}

function eventsOf({ events = [], error, to }: SpanSketch, startedAt: number): SpanEvent[] {
  const placed = events.map((event) => ({ ...event, at: startedAt + event.at }));
  if (error === undefined) return placed;
  const attributes = {
    "exception.type": error.type,
    "exception.message": error.message,
    "exception.stacktrace": error.stack,
  };
  return [...placed, { name: "exception", at: startedAt + to, attributes }];
}

export function gatewayRequest(
  method: string,
  route: string,
  path: string,
  status: number,
  rest: Pick<SpanSketch, "to" | "children" | "error">,
): SpanSketch {
  const attributes = {
    "http.request.method": method,
    "http.route": route,
    "url.path": path,
    "url.scheme": "http",
    "http.response.status_code": status,
    "client.address": "127.0.0.1",
  };
  return { service: "gateway", name: `${method} ${route}`, kind: "server", from: 0, attributes, ...rest };
}

type Timed = Pick<SpanSketch, "from" | "to"> &
  Partial<Pick<SpanSketch, "children" | "error" | "events" | "attributes">>;

/** The side of the service that was called. */
export function served(service: string, method: string, { attributes, ...rest }: Timed): SpanSketch {
  const rpc = { "rpc.system": "tenon", "rpc.service": service, "rpc.method": method };
  return { service, name: `${service}.${method}`, kind: "server", attributes: { ...rpc, ...attributes }, ...rest };
}

/** A call between services: the caller's span and, a little shorter, the callee's within it. */
export function calling(caller: string, callee: string, method: string, timed: Timed): SpanSketch {
  const { from, to, error, attributes } = timed;
  const rpc = { "rpc.system": "tenon", "rpc.service": callee, "rpc.method": method };
  const room = Math.min((to - from) * 0.08, 0.4);
  const inner = { ...timed, from: from + room, to: to - room, attributes: { "tenon.caller": caller, ...attributes } };
  return {
    service: caller,
    name: `${callee}.${method}`,
    kind: "client",
    from,
    to,
    attributes: { ...rpc, ...attributes },
    ...(error === undefined ? {} : { error }),
    children: [served(callee, method, inner)],
  };
}

export function statement(
  service: string,
  name: string,
  sql: string,
  rows: number,
  from: number,
  to: number,
): SpanSketch {
  const attributes = {
    "db.system.name": "postgresql",
    "db.namespace": service,
    "db.operation.name": name.split(" ")[0] ?? name,
    "db.query.text": sql,
    "db.response.returned_rows": rows,
  };
  return { service, name, kind: "client", from, to, attributes };
}
