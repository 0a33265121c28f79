// COPY ... FROM STDIN: the server takes the bytes as fast as it can store them, and the source is asked for no more than that.
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { type CallContext, currentCall } from "../call/context.ts";
import { canceledError } from "./canceled-error.ts";
import type { CopyConnection } from "./copy-connection.ts";
import type { DatabaseClient } from "./database-client.ts";
import { DatabaseError } from "./errors.ts";
import { SourceFailure } from "./source-failure.ts";

const failGraceMs = 1_000;

export type CopyChunks = AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>;

/** Resolves with the number of rows. On the source's error, the call's end or the server's refusal nothing is kept. */
export async function copyIn(
  client: DatabaseClient,
  database: string,
  text: string,
  chunks: CopyChunks,
): Promise<number> {
  const call = currentCall();
  if (call?.signal.aborted) throw canceledError(database, call);
  const exchange = new CopyIn(text);
  const over = untilOver(call, database);
  try {
    client.submit(exchange);
    return await client.attend(call, async () => {
      const accepted = await Promise.race([exchange.accepted, exchange.finished, over.promise]);
      if (accepted !== undefined) throw notCopying(database);
      await feed(exchange, chunks, over.promise);
      return exchange.finished;
    });
  } catch (error) {
    if (!(await exchange.isOver(failGraceMs))) client.destroy();
    throw withPlace(error);
  } finally {
    over.stop();
  }
}

/** Sends all of it; or nothing of it, when something comes between. */
async function feed(exchange: CopyIn, chunks: CopyChunks, over: Promise<never>): Promise<void> {
  const iterator = Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]();
  const read = async () => {
    try {
      return await iterator.next();
    } catch (error) {
      throw error instanceof DatabaseError && error.code === "unsupported_parameter" ? error : new SourceFailure(error);
    }
  };
  // The server says no in the middle of it, too.
  const refused = exchange.finished.then(() => {});
  try {
    for (;;) {
      const next = await Promise.race([read(), over, refused]);
      if (next === undefined || next.done) break;
      await Promise.race([exchange.send(next.value), over, refused]);
    }
  } catch (error) {
    exchange.fail();
    // A source that is in the middle of something need not be waited for.
    void Promise.resolve(iterator.return?.()).catch(() => {});
    throw error;
  }
  exchange.complete();
}

function untilOver(call: CallContext | undefined, database: string): { promise: Promise<never>; stop: () => void } {
  let onAbort = (): void => {};
  const promise = new Promise<never>((_, reject) => {
    onAbort = () => reject(canceledError(database, call));
    call?.signal.addEventListener("abort", onAbort, { once: true });
  });
  promise.catch(() => {});
  return { promise, stop: () => call?.signal.removeEventListener("abort", onAbort) };
}

function notCopying(database: string): DatabaseError {
  return new DatabaseError("invalid_statement", database, "it is not COPY ... FROM STDIN");
}

/** "COPY users, line 3, column age": what makes the message useful. */
function withPlace(error: unknown): unknown {
  const { where } = error as { where?: string };
  if (error instanceof Error && where !== undefined) error.message = `${error.message} (${where})`;
  return error;
}

/** One COPY as the driver sees it. The names of its methods are those that the driver calls. */
class CopyIn implements pg.Submittable {
  /** The server waits for data. */
  readonly accepted: Promise<undefined>;
  /** The number of rows. */
  readonly finished: Promise<number>;
  readonly #text: string;
  #connection: CopyConnection | undefined;
  #rows = 0;
  #error: unknown;
  #accept: (nothing: undefined) => void = () => {};
  #finish: (rows: number) => void = () => {};
  #reject: (error: unknown) => void = () => {};

  constructor(text: string) {
    this.#text = text;
    this.accepted = new Promise((resolve) => {
      this.#accept = resolve;
    });
    this.finished = new Promise((resolve, reject) => {
      this.#finish = resolve;
      this.#reject = reject;
    });
    this.finished.catch(() => {});
  }

  /** false: the server has not answered within the time. */
  async isOver(withinMs: number): Promise<boolean> {
    const late = sleep(withinMs, false, { ref: false });
    const settled = this.finished.then(
      () => true,
      () => true,
    );
    return Promise.race([settled, late]);
  }

  async send(chunk: string | Uint8Array): Promise<void> {
    const { stream } = this.#connection!;
    this.#connection!.sendCopyFromChunk(Buffer.from(chunk as string));
    if (stream.writableNeedDrain) await once(stream, "drain");
  }

  complete(): void {
    this.#connection!.endCopyFrom();
  }

  fail(): void {
    this.#connection!.sendCopyFail("the source failed");
  }

  submit(connection: pg.Connection): void {
    this.#connection = connection as unknown as CopyConnection;
    this.#connection.query(this.#text);
  }

  handleCopyInResponse(): void {
    this.#accept(undefined);
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    this.#rows = Number(/^COPY (\d+)/.exec(text)?.[1] ?? 0);
  }

  /** Of a statement that is no COPY. */
  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleCopyData(): void {}
  handleEmptyQuery(): void {}

  handleError(error: unknown): void {
    this.#error = error;
    this.#reject(error);
  }

  handleReadyForQuery(): void {
    if (this.#error === undefined) this.#finish(this.#rows);
  }
}
