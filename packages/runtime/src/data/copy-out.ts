// COPY ... TO STDOUT: the server's bytes as they arrive. Whoever reads slowly slows the server down, and whoever stops early stops it.
import type pg from "pg";
import { currentCall } from "../call/context.ts";
import { canceledError } from "./canceled-error.ts";
import type { ConnectionPool } from "./connection-pool.ts";
import type { CopyConnection } from "./copy-connection.ts";
import { DatabaseError } from "./errors.ts";
import { toDatabaseError } from "./postgres-error.ts";

/** So much may lie here unread. */
const mostUnreadBytes = 1 << 20;

export async function* copyOut(pool: ConnectionPool, text: string): AsyncGenerator<Buffer> {
  const call = currentCall();
  const client = await pool.acquire();
  const onAbort = (): void => void client.cancel();
  call?.signal.addEventListener("abort", onAbort, { once: true });
  const exchange = new CopyOut(text);
  let isComplete = false;
  try {
    await client.limitTo(call);
    client.submit(exchange);
    const next = () => client.attend(call, () => exchange.next());
    for (let chunk = await next(); chunk !== undefined; chunk = await next()) yield chunk;
    isComplete = true;
    if (!exchange.hasCopied)
      throw new DatabaseError("invalid_statement", pool.database, "it is not COPY ... TO STDOUT");
  } catch (error) {
    isComplete = true;
    if (call?.signal.aborted) throw canceledError(pool.database, call);
    throw toDatabaseError(error, pool.database);
  } finally {
    call?.signal.removeEventListener("abort", onAbort);
    // The rest of it is nobody's: the connection goes with it.
    if (!isComplete) await Promise.race([client.cancel(), client.gone]);
    pool.release(client);
  }
}

/** One COPY as the driver sees it. The names of its methods are those that the driver calls. */
class CopyOut implements pg.Submittable {
  hasCopied = false;
  readonly #text: string;
  readonly #unread: Buffer[] = [];
  #unreadBytes = 0;
  #connection: CopyConnection | undefined;
  #isOver = false;
  #error: unknown;
  #wake: () => void = () => {};

  constructor(text: string) {
    this.#text = text;
  }

  /** undefined: that was all. */
  async next(): Promise<Buffer | undefined> {
    while (this.#unread.length === 0) {
      if (this.#error !== undefined) throw this.#error;
      if (this.#isOver) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const chunk = Buffer.concat(this.#unread.splice(0));
    this.#unreadBytes = 0;
    this.#connection?.stream.resume();
    return chunk;
  }

  submit(connection: pg.Connection): void {
    this.#connection = connection as unknown as CopyConnection;
    this.#connection.query(this.#text);
  }

  handleCopyData({ chunk }: { readonly chunk: Buffer }): void {
    this.hasCopied = true;
    // The driver uses its buffer again.
    this.#unread.push(Buffer.from(chunk));
    this.#unreadBytes += chunk.length;
    if (this.#unreadBytes > mostUnreadBytes) this.#connection?.stream.pause();
    this.#wake();
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    if (text.startsWith("COPY")) this.hasCopied = true;
  }

  /** Of a statement that is no COPY. */
  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleEmptyQuery(): void {}

  /** The server waits for data of which there is none. */
  handleCopyInResponse(): void {
    this.#connection?.sendCopyFail("this is no COPY ... TO STDOUT");
  }

  handleError(error: unknown): void {
    this.#error = error;
    this.#wake();
  }

  handleReadyForQuery(): void {
    this.#isOver = true;
    this.#wake();
  }
}
