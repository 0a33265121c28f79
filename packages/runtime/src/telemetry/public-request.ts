// What the gateway's span says of its request besides the constant part: kept as it comes, named when the span is read.
import type { Attributes, AttributeValue } from "@tenon/model";

export interface PublicRequest {
  readonly path: string;
  /** "": not known. */
  readonly clientAddress: string;
  readonly userAgent: string | undefined;
  /** 0: not answered. */
  status: number;
}

const NO_ATTRIBUTES: Attributes = Object.freeze({});

/** With the names of OpenTelemetry's HTTP conventions. */
export function publicRequestAttributes(request: PublicRequest | null): Attributes {
  if (request === null) return NO_ATTRIBUTES;
  const attributes: Record<string, AttributeValue> = { "url.path": request.path };
  if (request.clientAddress !== "") attributes["client.address"] = request.clientAddress;
  if (request.userAgent !== undefined) attributes["user_agent.original"] = request.userAgent;
  if (request.status !== 0) attributes["http.response.status_code"] = request.status;
  return attributes;
}
