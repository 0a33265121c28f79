// Reads the JSON body of a request, also a gzipped one, up to a limit that holds before and after unpacking.
import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { RequestError } from "./errors.ts";

const unpack = promisify(gunzip);

export async function readJsonBody(request: IncomingMessage, limitBytes: number): Promise<unknown> {
  checkContentType(request.headers["content-type"] ?? "");
  const packed = await readBytes(request, limitBytes);
  const bytes = await decode(packed, request.headers["content-encoding"], limitBytes);
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch (error) {
    throw new RequestError("invalid_argument", `the body is not JSON: ${(error as Error).message}`);
  }
}

function checkContentType(header: string): void {
  const type = (header.split(";")[0] ?? "").trim().toLowerCase();
  if (type === "application/json") return;
  const hint = type.includes("protobuf")
    ? "protobuf is not understood here; set OTEL_EXPORTER_OTLP_PROTOCOL=http/json in the sender"
    : `the content type must be application/json, got "${type}"`;
  throw new RequestError("invalid_argument", hint, { status: 415 });
}

/** By events: leaving a `for await` early would destroy the socket, and the answer with it. */
function readBytes(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limitBytes) chunks.push(chunk);
      else reject(tooLarge(limitBytes));
    });
    request.on("end", () => resolve(Buffer.concat(chunks)));
    request.on("error", () => reject(new RequestError("canceled", "the request ended before its body did")));
  });
}

async function decode(bytes: Buffer, encoding: string | undefined, limitBytes: number): Promise<Buffer> {
  const name = (encoding ?? "identity").trim().toLowerCase();
  if (name === "identity" || name === "") return bytes;
  if (name !== "gzip") {
    throw new RequestError("invalid_argument", `the content encoding must be gzip or none, got "${name}"`, {
      status: 415,
    });
  }
  try {
    return await unpack(bytes, { maxOutputLength: limitBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") throw tooLarge(limitBytes);
    throw new RequestError("invalid_argument", `the body is not gzip: ${(error as Error).message}`);
  }
}

/** What still comes is thrown away, and the connection ends with the answer. */
function tooLarge(limitBytes: number): RequestError {
  return new RequestError("resource_exhausted", `the body is larger than ${limitBytes} bytes; send smaller batches`, {
    status: 413,
    headers: { connection: "close" },
  });
}
