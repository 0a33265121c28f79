// What can be uploaded, as a sequence of chunks of bytes. Streams are read no faster than the store takes them, and are told when nobody
// wants the rest.
import { ObjectsError } from "./errors.ts";

/** A ReadableStream of this or any other implementation. */
export interface ByteStream {
  getReader(): {
    read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>;
    cancel(reason?: unknown): Promise<void>;
  };
}

/** Text is stored as UTF-8. Streams of Node are iterable, too. */
export type ObjectData = string | Uint8Array | ArrayBuffer | Blob | ByteStream | AsyncIterable<Uint8Array | string>;

/** Throws ObjectsError for what holds no bytes. */
export async function* chunksOf(data: ObjectData, bucket: string, object: string): AsyncGenerator<Uint8Array> {
  if (typeof data === "string") yield Buffer.from(data);
  else if (data instanceof Uint8Array) yield data;
  else if (data instanceof ArrayBuffer) yield new Uint8Array(data);
  else {
    for await (const chunk of partsOf(data, bucket, object)) {
      if (typeof chunk === "string") yield Buffer.from(chunk);
      else if (chunk instanceof Uint8Array) yield chunk;
      else throw unusable(bucket, object, `the stream gave ${describe(chunk)} instead of bytes`);
    }
  }
}

function partsOf(data: unknown, bucket: string, object: string): AsyncIterable<unknown> {
  if (data instanceof Blob) return readStream(data.stream());
  if (typeof data === "object" && data !== null) {
    if (Symbol.asyncIterator in data) return data as AsyncIterable<unknown>;
    if ("getReader" in data) return readStream(data as ByteStream);
  }
  throw unusable(
    bucket,
    object,
    `the data must be text, bytes, a Blob, a ReadableStream or an async iterable of bytes, got ${describe(data)}`,
  );
}

async function* readStream(stream: ByteStream): AsyncGenerator<unknown> {
  const reader = stream.getReader();
  let isOver = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      isOver = done;
      if (done) return;
      yield value;
    }
  } finally {
    // It may have failed by itself; whoever reads has heard of that.
    if (!isOver) await reader.cancel().catch(() => {});
  }
}

/** What went wrong was not the store: it is passed on to the user as it came. */
export class SourceFailure extends Error {
  constructor(cause: unknown) {
    super("the data of an upload could not be read", { cause });
  }
}

/** Marks failures of the source, and stops waiting for it when the signal says so. */
export async function* guardSource(
  source: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const iterator = source[Symbol.asyncIterator]();
  let giveUp: ((reason: unknown) => void) | undefined;
  const onAbort = () => giveUp?.(signal?.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  let isOver = false;
  try {
    for (;;) {
      signal?.throwIfAborted();
      const next = await new Promise<IteratorResult<Uint8Array>>((resolve, reject) => {
        giveUp = reject;
        iterator.next().then(resolve, (error: unknown) => {
          isOver = true;
          reject(error instanceof ObjectsError ? error : new SourceFailure(error));
        });
      });
      isOver = next.done === true;
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    signal?.removeEventListener("abort", onAbort);
    // Not waited for: a source that never answers would not answer this either.
    if (!isOver) void iterator.return?.(undefined)?.catch(() => {});
  }
}

function unusable(bucket: string, object: string, reason: string): ObjectsError {
  return new ObjectsError("objects_argument_invalid", { bucket, object, reason });
}

function describe(value: unknown): string {
  return value === null ? "null" : typeof value;
}
