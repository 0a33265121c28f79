// Sends an answer by node:http's response, without cutting off a client that is still sending its request.
import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { dropStream } from "../http/drop-stream.ts";
import { ANSWERED, type OutgoingResponse } from "./exchange.ts";

/** How long a client may go on sending a body that nobody wants before its connection is cut; its answer gets lost otherwise. */
const LINGER_MS = 2_000;

export async function sendByNode(
  request: IncomingMessage,
  response: ServerResponse,
  outgoing: OutgoingResponse,
  awaitsContinue: boolean,
): Promise<void> {
  const { status, statusText, headers, body } = outgoing;
  if (body === ANSWERED) return;
  for (const name of Object.keys(headers)) response.setHeader(name, headers[name]!);
  if (outgoing.headerLines !== undefined) setLines(response, outgoing.headerLines);
  response.statusCode = status;
  if (statusText !== undefined) response.statusMessage = statusText;
  const hasNoBody = request.method === "HEAD" || status === 204 || status === 304;
  // Ending may close the connection, and closing while the client still sends would take the answer away from it.
  const isStillSending = () => !request.complete && !awaitsContinue && !request.destroyed;
  if (body instanceof Readable && hasNoBody) dropStream(body);
  else if (body instanceof Readable) {
    await stream(body, response);
    if (outgoing.trailers !== undefined) response.addTrailers(outgoing.trailers());
  } else {
    if (body !== null) response.setHeader("content-length", Buffer.byteLength(body));
    // Of a body that does not come, no length may be announced: the client would wait for it.
    else if (!hasNoBody) response.setHeader("content-length", 0);
    if (!isStillSending()) {
      response.end(body ?? undefined);
      return;
    }
    response.flushHeaders();
    if (body !== null && body.length > 0) response.write(body);
  }
  if (isStillSending()) await discardRest(request);
  response.end();
}

function setLines(response: ServerResponse, lines: string): void {
  for (const line of lines.split("\r\n")) {
    const colon = line.indexOf(":");
    if (colon !== -1) response.appendHeader(line.slice(0, colon), line.slice(colon + 1).trim());
  }
}

/** A body that takes its time must not hold back the head; one that is there goes out in the same packet. */
async function stream(body: Readable, response: ServerResponse): Promise<void> {
  const flush = setImmediate(() => {
    if (!response.headersSent && !response.destroyed) response.flushHeaders();
  });
  try {
    await pipeline(body, response, { end: false });
  } finally {
    clearImmediate(flush);
  }
}

/** Reads on until the body's end; cuts the connection of a client that does not come to one. */
async function discardRest(request: IncomingMessage): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => {
      request.socket.destroy();
      resolve();
    }, LINGER_MS);
    request.once("close", () => {
      clearTimeout(timer);
      resolve();
    });
    request.once("end", () => {
      clearTimeout(timer);
      resolve();
    });
    request.unpipe();
    request.resume();
  });
}
