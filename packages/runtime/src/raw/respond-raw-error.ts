// Answers for a raw endpoint that failed before it answered itself, in the form of every other error.
import type { ServerResponse } from "node:http";
import type { APIError } from "../call/api-error.ts";
import { respondError } from "../call/respond.ts";

/** What the handler has set was meant for another answer and goes. An answer under way is broken off. */
export function respondRawError(response: ServerResponse, error: APIError): void {
  if (response.writableEnded || response.destroyed) return;
  if (response.headersSent) {
    response.destroy(error);
    return;
  }
  for (const name of response.getHeaderNames()) response.removeHeader(name);
  const { status, headers, body } = respondError(error);
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body as string) });
  response.end(body);
}
