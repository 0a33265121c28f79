// The span of one public request, named and described as OpenTelemetry's HTTP conventions say.
import { type Duplex, Readable } from "node:stream";
import type { IncomingRequest, OutgoingResponse } from "../call/exchange.ts";
import { endPublicRequest, startPublicRequest } from "../telemetry/request-spans.ts";
import { RequestTemplates } from "../telemetry/request-templates.ts";
import type { RecordingSpan, SpanContext } from "../telemetry/span.ts";

export interface GatewaySpan {
  readonly span: RecordingSpan;
  /** Notes the status; the span ends now, or with the last byte of a streamed body. */
  finish(response: OutgoingResponse): void;
  /** The connection has left HTTP with status 101; the span ends when it does. */
  finishUpgraded(socket: Duplex): void;
}

const templates = new RequestTemplates();

/** `route` is the pattern that matched; without one the name is the method alone, because paths are without number. */
export function gatewaySpan(
  request: IncomingRequest,
  route: string | undefined,
  parent: SpanContext | undefined,
): GatewaySpan {
  const template = templates.of(request.method, route);
  const span = startPublicRequest(template, parent, request.path, request.remoteAddress, request.header("user-agent"));
  let isClientGone = false;
  request.onClientGone(() => {
    isClientGone = true;
  });
  const end = (status: number) => endPublicRequest(span, isClientGone ? 499 : status);
  return {
    span,
    finish({ status, body }) {
      if (body instanceof Readable) body.once("close", () => end(status));
      else end(status);
    },
    finishUpgraded(socket) {
      if (socket.destroyed) endPublicRequest(span, 101);
      else socket.once("close", () => endPublicRequest(span, 101));
    },
  };
}
