// Refuses a request by its headers alone, before a byte of its body is read or asked for.
import type { IncomingRequest } from "./exchange.ts";
import { RequestError } from "./request-error.ts";

const JSON_TYPES = /^application\/(?:json|[\w.!#$&^-]+\+json)$/i;
const UTF8 = /^"?utf-?8"?$/i;

/** Throws RequestError: 413, 415. `limitBytes` null means no limit. */
export function admit(request: IncomingRequest, limitBytes: number | null): void {
  if (!request.hasBody || request.bodySizeBytes === 0) return;
  const contentEncoding = request.header("content-encoding");
  if (contentEncoding !== undefined && contentEncoding.trim().toLowerCase() !== "identity") {
    throw new RequestError("unsupported_content_encoding", { contentEncoding });
  }
  const contentType = request.header("content-type");
  if (contentType !== undefined && !isJson(contentType))
    throw new RequestError("unsupported_content_type", { contentType });
  if (limitBytes !== null && request.bodySizeBytes !== null && request.bodySizeBytes > limitBytes) {
    throw new RequestError("body_too_large", { limitBytes });
  }
}

/** `application/json` or `.../...+json`, in UTF-8 if a charset is named at all. */
function isJson(contentType: string): boolean {
  if (contentType === "application/json") return true;
  const [type = "", ...parameters] = contentType.split(";");
  if (!JSON_TYPES.test(type.trim())) return false;
  return parameters.every((parameter) => {
    const [name = "", value = ""] = parameter.split("=");
    return name.trim().toLowerCase() !== "charset" || UTF8.test(value.trim());
  });
}
