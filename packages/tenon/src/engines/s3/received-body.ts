// The bytes that a client sends, free of their encoding and checked against everything that was signed or said about them. They must not be
// used before the last one has been read without an error.
import { createHash } from "node:crypto";
import { BodyChecks } from "./body-checks.ts";
import { decodeChunks } from "./decode-chunks.ts";
import { S3Error } from "./s3-error.ts";
import { headerOf, type S3Request } from "./s3-request.ts";
import type { Verified } from "./verify-signature.ts";

export interface ReceivedBody {
  readonly bytes: AsyncGenerator<Uint8Array>;
  /** Once all bytes have been read: those that the client has given, by algorithm. */
  checksums(): Readonly<Record<string, string>>;
}

/** Throws S3Error, and so do the bytes. */
export function receiveBody(request: S3Request, { payload, ...signing }: Verified): ReceivedBody {
  const checks = new BodyChecks(request);
  const raw = rawBytes(request);
  const decoded =
    payload.kind === "chunks"
      ? decodeChunks(raw, payload.isSigned ? signing : undefined, payload.hasTrailer)
      : { bytes: raw, trailers: () => ({}) };
  const length = decodedLength(request, payload.kind === "chunks");
  let checksums: Readonly<Record<string, string>> = {};
  async function* bytes(): AsyncGenerator<Uint8Array> {
    const hash = payload.kind === "hash" ? createHash("sha256") : undefined;
    let sizeBytes = 0;
    for await (const part of decoded.bytes) {
      sizeBytes += part.length;
      hash?.update(part);
      checks.update(part);
      yield part;
    }
    if (length !== undefined && sizeBytes !== length)
      throw new S3Error("IncompleteBody", `The body has ${sizeBytes} bytes, not the ${length} it announces.`);
    if (payload.kind === "hash" && hash!.digest("hex") !== payload.sha256)
      throw new S3Error("XAmzContentSHA256Mismatch", "The body is not the one that was signed.");
    checksums = checks.finish(decoded.trailers());
  }
  return { bytes: bytes(), checksums: () => checksums };
}

/** A small body as text. Throws S3Error. */
export async function receiveText(request: S3Request, verified: Verified, limitBytes: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const part of receiveBody(request, verified).bytes) {
    sizeBytes += part.length;
    if (sizeBytes > limitBytes) throw new S3Error("MalformedXML", `The document is longer than ${limitBytes} bytes.`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

async function* rawBytes({ message }: S3Request): AsyncGenerator<Buffer> {
  try {
    // Destroyed, it would take the connection along that the refusal has to go out on.
    yield* message.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  } catch {
    throw new S3Error("IncompleteBody", "The connection ended before the body.");
  }
}

function decodedLength(request: S3Request, isChunked: boolean): number | undefined {
  const text = headerOf(request, isChunked ? "x-amz-decoded-content-length" : "content-length");
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw new S3Error("InvalidArgument", "The length of the body must be a number.");
  return Number(text);
}
