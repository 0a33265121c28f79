// Writes answers: JSON, and errors in the one shape that all of Tenon's HTTP interfaces use.
import type { ServerResponse } from "node:http";
import type { ErrorBody } from "@tenon/model";
import { RequestError } from "./errors.ts";

export function respondJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(text),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    ...headers,
  });
  response.end(text);
}

/** Anything but a RequestError is our own fault; its message may hold paths and is left to `report`. */
export function respondError(response: ServerResponse, error: unknown, report: (error: unknown) => void): void {
  const known =
    error instanceof RequestError ? error : new RequestError("internal", "the dashboard failed; its log says why");
  if (known !== error) report(error);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const body: ErrorBody = { code: known.code, message: known.message, details: null };
  respondJson(response, known.status, body, known.headers);
}
