// The S3-compatible endpoint of development: on the files of the app's buckets, so that tools and SDKs of S3 work with them. Every request must
// be signed with the credentials of the app.
import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Bucket } from "@tenon/model";
import { clock } from "@tenon/runtime";
import { answerRequest } from "./answer-request.ts";
import type { S3Answer } from "./s3-answer.ts";
import { s3ErrorOf } from "./s3-error-of.ts";
import { S3Places } from "./s3-place.ts";
import { readRequest, type S3Request } from "./s3-request.ts";
import { type S3Credentials, verifySignature } from "./verify-signature.ts";

export interface S3ServerOptions {
  readonly credentials: S3Credentials;
  /** Of all buckets: the same that the buckets use. */
  readonly directory: string;
  /** Those that the app declares at the moment. */
  getBuckets(): readonly Bucket[];
  /** Taken if it is free. Default: any. */
  readonly port?: number | undefined;
  /** Of what is neither the client's fault nor a known state. */
  report(error: unknown): void;
}

export interface S3Server {
  /** "http://127.0.0.1:9500". */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

const host = "127.0.0.1";
/** How long a client may go on sending what was refused. */
const lingerMs = 2_000;
/** Requests are signed: pages that were given a signed URL may use it. */
const crossOrigin = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "etag, x-amz-version-id, x-amz-request-id, content-range, accept-ranges",
};
const preflight = {
  ...crossOrigin,
  "access-control-allow-methods": "GET, HEAD, PUT, POST, DELETE",
  "access-control-allow-headers": "*",
  "access-control-max-age": "7200",
};

export async function startS3Server(options: S3ServerOptions): Promise<S3Server> {
  const places = new S3Places(options.directory, options.getBuckets);
  const server = createServer((message, response) => {
    void serve(message, response, places, options).catch((error: unknown) => {
      options.report(error);
      response.destroy();
    });
  });
  // Large objects take their time.
  server.requestTimeout = 0;
  await listen(server, options.port);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host}:${port}`,
    port,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function listen(server: Server, port = 0): Promise<void> {
  try {
    await listenAt(server, port);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (port === 0 || code !== "EADDRINUSE") throw error;
    await listenAt(server, 0);
  }
}

function listenAt(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port }, () => {
      server.removeListener("error", reject);
      resolve();
    });
  });
}

async function serve(
  message: IncomingMessage,
  response: ServerResponse,
  places: S3Places,
  { credentials, report }: S3ServerOptions,
): Promise<void> {
  const requestId = randomBytes(8).toString("hex").toUpperCase();
  if (message.method === "OPTIONS")
    return send({ status: 204, headers: preflight, body: null }, message, response, requestId);
  let answer: S3Answer;
  let request: S3Request | undefined;
  try {
    request = readRequest(message);
    const verified = verifySignature(request, credentials, clock().now());
    answer = await answerRequest(request, places, verified);
  } catch (error) {
    const failure = s3ErrorOf(error, request);
    if (failure.code === "InternalError") report(error);
    const resource = request?.path ?? "/";
    const headers = { ...failure.headers, "content-type": "application/xml" };
    answer = { status: failure.status, headers, body: failure.toXml(resource, requestId) };
  }
  await send(answer, message, response, requestId);
}

async function send(
  { status, headers, body }: S3Answer,
  message: IncomingMessage,
  response: ServerResponse,
  requestId: string,
): Promise<void> {
  // A refusal may come before the end of what is refused.
  const isEarly = !message.complete && !message.destroyed;
  response.writeHead(status, {
    ...crossOrigin,
    "x-amz-request-id": requestId,
    ...(typeof body === "string" ? { "content-length": Buffer.byteLength(body) } : {}),
    ...(body === null && headers["content-length"] === undefined && status === 200 ? { "content-length": 0 } : {}),
    ...(isEarly ? { connection: "close" } : {}),
    ...headers,
  });
  if (body instanceof Readable) {
    // A client that goes away in the middle, or a file that breaks off, ends the connection: nobody takes the rest for all.
    await pipeline(body, response).catch(() => response.destroy());
    return;
  }
  if (message.method !== "HEAD" && body !== null) response.write(body);
  else response.flushHeaders();
  if (isEarly) await discardRest(message);
  response.end();
}

/** Closed while the client still sends, the connection would take the answer away from it. */
async function discardRest(message: IncomingMessage): Promise<void> {
  await new Promise<void>((resolve) => {
    const late = clock().after(lingerMs, resolve);
    message.once("close", () => {
      late.cancel();
      resolve();
    });
    message.once("end", () => {
      late.cancel();
      resolve();
    });
    message.on("error", () => {});
    message.resume();
  });
}
