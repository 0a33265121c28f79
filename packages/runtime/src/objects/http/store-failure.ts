// What the way to a store fails with, and the bytes it gives, as errors of ours: the same for every store over HTTP.
import { Readable } from "node:stream";
import { checkedDownload, hasChecksum } from "../checksum.ts";
import { ObjectsError } from "../errors.ts";
import type { ObjectChecksum } from "../object-store.ts";
import type { StoreAnswer } from "./store-connection.ts";

export interface Asked {
  readonly bucket: string;
  readonly object: string;
}

export function wayFailed({ bucket, object }: Asked, error: unknown): ObjectsError {
  if (error instanceof ObjectsError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  const reason = message === "" ? code : message;
  return new ObjectsError("objects_unavailable", { bucket, object, reason, cause: error });
}

/** What the store gives, with a connection that breaks off as an error of ours. */
export function guardedBody(
  { body }: StoreAnswer,
  asked: Asked,
  checksum: ObjectChecksum,
  signal: AbortSignal | undefined,
): Readable {
  const read = async function* (): AsyncGenerator<Uint8Array> {
    try {
      yield* body as AsyncIterable<Buffer>;
    } catch (error) {
      signal?.throwIfAborted();
      throw wayFailed(asked, error);
    }
  };
  const bytes = read();
  const checked = hasChecksum(checksum) ? checkedDownload(bytes, checksum, asked.bucket, asked.object) : bytes;
  // A reader who leaves before the first byte ends a generator that never began.
  return Readable.from(checked, { objectMode: false }).once("close", () => body.destroy());
}

/** First and last byte of what comes, and the size of all; undefined: it is all. */
export function spanOf({ status, headers }: StoreAnswer): { start: number; end: number; size: number } | undefined {
  const match = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(headers["content-range"] ?? "");
  if (status !== 206 || match === null) return undefined;
  return { start: Number(match[1]), end: Number(match[2]), size: Number(match[3]) };
}
