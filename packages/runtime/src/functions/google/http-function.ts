// The HTTP function of Google Cloud (Cloud Run functions, Cloud Functions): the functions framework gives it Express's request, whose body it
// has read already, and its response. The processor may be taken away behind the answer, so the last byte waits until nothing is left.
import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { answerBytes } from "../answer-bytes.ts";
import { seenClient } from "../client-address.ts";
import type { FunctionAnswer, FunctionCall } from "../function-call.ts";
import type { FunctionHost } from "../function-host.ts";
import { encodedPath } from "../path-text.ts";

/** What the functions framework adds to Node's request. */
export interface FrameworkRequest extends IncomingMessage {
  readonly originalUrl?: string;
  readonly rawBody?: Buffer;
}

export type HttpFunction = (request: FrameworkRequest, response: ServerResponse) => Promise<void>;

/** `timeoutMs`: what the function is given for a request; undefined: nobody knows. */
export function httpFunction(hosted: Promise<FunctionHost>, timeoutMs: number | undefined): HttpFunction {
  return async (request, response) => {
    const deadlineAt = timeoutMs === undefined ? undefined : Date.now() + timeoutMs;
    const host = await hosted;
    const gone = new AbortController();
    response.once("close", () => {
      if (!response.writableFinished) gone.abort();
    });
    const answer = await host.serve(callFrom(request, deadlineAt, gone.signal));
    try {
      await send(answer, response, () => host.settle(deadlineAt));
    } catch (error) {
      // The client has gone, or the endpoint has broken its answer off: there is nobody left to tell.
      response.destroy(error as Error);
      await host.settle(deadlineAt);
    }
  };
}

function callFrom(request: FrameworkRequest, deadlineAt: number | undefined, signal: AbortSignal): FunctionCall {
  const target = request.originalUrl ?? request.url ?? "/";
  const queryAt = target.indexOf("?");
  const forwarded = request.headers["x-forwarded-for"];
  const chain = Array.isArray(forwarded) ? forwarded.join(", ") : forwarded;
  const { remoteAddress, forwardedFor } =
    chain === undefined
      ? { remoteAddress: request.socket.remoteAddress ?? "", forwardedFor: undefined }
      : seenClient(chain, undefined);
  const { "x-forwarded-for": _chain, ...headers } = request.headers;
  const { rawBody } = request;
  return {
    method: request.method ?? "GET",
    path: encodedPath(queryAt === -1 ? target : target.slice(0, queryAt)),
    query: queryAt === -1 ? "" : target.slice(queryAt + 1),
    headers: forwardedFor === undefined ? headers : { ...headers, "x-forwarded-for": forwardedFor },
    body: rawBody === undefined || rawBody.length === 0 ? null : rawBody,
    remoteAddress,
    deadlineAt,
    signal,
  };
}

async function send(answer: FunctionAnswer, response: ServerResponse, settle: () => Promise<void>): Promise<void> {
  response.statusCode = answer.status;
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
  const { body } = answer;
  if (body instanceof Readable) {
    response.flushHeaders();
    await pipeline(body, response, { end: false });
    await settle();
    response.end();
    return;
  }
  const bytes = await answerBytes(answer);
  await settle();
  response.end(bytes);
}
