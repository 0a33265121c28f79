// Passes on a request that is sent in one piece: without a body, or with a small one for a typed endpoint, which reads all of it before
// it does anything. It goes over the same kept connections as typed calls; the answer may be of any size, and may stream.
import type { IncomingRequest, OutgoingResponse } from "../call/exchange.ts";
import { CALL_HEADERS, REFUSED } from "../call/call-headers.ts";
import { RequestError } from "../call/request-error.ts";
import { AnswerStream, type PassedAnswer } from "../http/client/answer-stream.ts";
import { headerLines, requestLine } from "../http/client/header-lines.ts";
import { type Forwarding, forwardedHeaders, refusedByRemote } from "./forward.ts";
import { passAnswerHeaders } from "./pass-headers.ts";

/** What may be held in memory per request; larger bodies go up as they come in. */
const MAX_WHOLE_BYTES = 64 * 1024;

/** A raw endpoint may answer before its body has come, so that with one it is never waited for. */
export function isSentWhole({ endpoint }: Forwarding, request: IncomingRequest): boolean {
  if (!request.hasBody) return true;
  const { bodySizeBytes } = request;
  return (
    endpoint?.kind === "typed" && !request.awaitsContinue && bodySizeBytes !== null && bodySizeBytes <= MAX_WHOLE_BYTES
  );
}

/** Throws RequestError `service_unreachable`. */
export async function forwardWhole(forwarding: Forwarding, request: IncomingRequest): Promise<OutgoingResponse> {
  let answer: PassedAnswer;
  try {
    const body = request.hasBody ? await request.readBody(null) : undefined;
    answer = await exchange(forwarding, request, body);
  } catch (error) {
    throw new RequestError("service_unreachable", { service: forwarding.service }, error);
  }
  const { head, body } = answer;
  if (head.header(CALL_HEADERS.outcome) === REFUSED) {
    if (body !== null && !Buffer.isBuffer(body)) body.destroy();
    throw refusedByRemote(forwarding);
  }
  const { status, statusText } = head;
  const headers = passAnswerHeaders(head.headers);
  if (body === null || Buffer.isBuffer(body)) return { status, statusText, headers, body };
  return { status, statusText, headers, body, trailers: () => answer.trailers() };
}

function exchange(forwarding: Forwarding, request: IncomingRequest, body: Buffer | undefined): Promise<PassedAnswer> {
  const { pool } = forwarding.remote;
  const target = request.query === "" ? request.path : `${request.path}?${request.query}`;
  const head = `${requestLine(request.method, target)}${headerLines(forwardedHeaders(forwarding, request))}\r\n`;
  const isHead = request.method === "HEAD";
  // A kept connection may close just as it is used again. What is safe to repeat and has no body is sent once more, on a new one.
  let mayRepeat = (request.method === "GET" || isHead) && body === undefined;
  return new Promise((resolve, reject) => {
    let answer = new AnswerStream(isHead, resolve, retry);
    answer.connection = pool.send(answer, head, body);
    mayRepeat &&= answer.connection.isReused;
    request.onClientGone(() => {
      mayRepeat = false;
      answer.abandon();
    });

    function retry(error: Error): void {
      if (!mayRepeat) {
        reject(error);
        return;
      }
      mayRepeat = false;
      answer = new AnswerStream(isHead, resolve, reject);
      answer.connection = pool.sendAnew(answer, head, body);
    }
  });
}
