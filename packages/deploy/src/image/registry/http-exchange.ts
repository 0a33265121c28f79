// One HTTP request to a registry, by node:http: bodies of known length from a file, answers as a stream. Retries and credentials are others' work.
import { createReadStream } from "node:fs";
import { type ClientRequest, type IncomingMessage, type OutgoingHttpHeaders, request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { pipeline } from "node:stream/promises";
import type { BlobContent } from "../blob.ts";

export interface ExchangeRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: OutgoingHttpHeaders;
  readonly body?: RequestBody;
}

/** `start` and `end` (not included): a part of it. */
export interface RequestBody {
  readonly content: BlobContent;
  readonly start: number;
  readonly end: number;
}

/** Nothing comes or goes for so long: the connection is dead. */
const silenceMs = 60_000;

/** Rejects when there is no answer; any status is an answer. The caller reads the answer to its end. */
export async function exchange({ method, url, headers, body }: ExchangeRequest): Promise<IncomingMessage> {
  const send = url.protocol === "https:" ? httpsRequest : httpRequest;
  const length = body === undefined ? 0 : body.end - body.start;
  const hasLength = body !== undefined || method === "POST" || method === "PUT";
  const message = send(url, { method, headers: { ...headers, ...(hasLength ? { "content-length": length } : {}) } });
  message.setTimeout(silenceMs, () => message.destroy(new Error(`nothing was heard for ${silenceMs / 1000} s`)));
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    message.once("response", resolve);
    // Stays, as a broken connection may be reported after the answer as well.
    message.on("error", reject);
  });
  const sent = sendBody(message, body);
  // A registry that refuses answers before it has read everything; that answer counts, not the broken pipe.
  sent.catch(() => {});
  return answer;
}

async function sendBody(message: ClientRequest, body: RequestBody | undefined): Promise<void> {
  if (body === undefined || body.end === body.start) {
    message.end();
    return;
  }
  const { content, start, end } = body;
  if ("bytes" in content) message.end(content.bytes.subarray(start, end));
  else await pipeline(createReadStream(content.file, { start, end: end - 1 }), message);
}

/** All of a short answer; what goes beyond 4 MiB, no manifest and no error does. */
export async function readAnswer(answer: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > 4 * 1024 * 1024) throw new Error("the answer is larger than 4 MiB");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
