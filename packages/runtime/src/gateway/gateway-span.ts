// The span of one public request, named and described as OpenTelemetry's HTTP conventions say.
import { type Duplex, Readable } from "node:stream";
import type { IncomingRequest, OutgoingResponse } from "../call/exchange.ts";
import { startSpan } from "../telemetry/recorder.ts";
import type { RecordingSpan, SpanContext } from "../telemetry/span.ts";

export interface GatewaySpan {
  readonly span: RecordingSpan;
  /** Notes the status; the span ends now, or with the last byte of a streamed body. */
  finish(response: OutgoingResponse): void;
  /** The connection has left HTTP with status 101; the span ends when it does. */
  finishUpgraded(socket: Duplex): void;
}

/** `route` is the pattern that matched; without one the name is the method alone, because paths are without number. */
export function gatewaySpan(
  request: IncomingRequest,
  route: string | undefined,
  parent: SpanContext | undefined,
): GatewaySpan {
  const attributes: Record<string, string> = {
    "http.request.method": request.method,
    "url.path": request.path,
    "url.scheme": "http",
  };
  if (route !== undefined) attributes["http.route"] = route;
  if (request.remoteAddress !== "") attributes["client.address"] = request.remoteAddress;
  const userAgent = request.header("user-agent");
  if (userAgent !== undefined) attributes["user_agent.original"] = userAgent;
  const name = route === undefined ? request.method : `${request.method} ${route}`;
  const span = startSpan({ name, kind: "server", service: "gateway", parent, attributes });
  let isClientGone = false;
  request.onClientGone(() => {
    isClientGone = true;
  });
  const end = (status: number) => {
    span.set("http.response.status_code", isClientGone ? 499 : status);
    if (status >= 500) {
      span.set("error.type", String(status));
      span.fail();
    }
    span.end();
  };
  return {
    span,
    finish({ status, body }) {
      if (body instanceof Readable) body.once("close", () => end(status));
      else end(status);
    },
    finishUpgraded(socket) {
      span.set("http.response.status_code", 101);
      if (socket.destroyed) span.end();
      else socket.once("close", () => span.end());
    },
  };
}
