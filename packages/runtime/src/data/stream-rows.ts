// Reads a result row by row through a cursor on a connection of its own, which goes back when the reader stops, early or at the end.
import { currentCall } from "../call/context.ts";
import { canceledError } from "./canceled-error.ts";
import type { ConnectionPool } from "./connection-pool.ts";
import type { RowCursor } from "./database-client.ts";
import type { Row, Statement } from "./statement.ts";
import { traceStatement } from "./trace-statement.ts";

const batchRows = 100;

export async function* streamRows(pool: ConnectionPool, statement: Statement): AsyncGenerator<Row> {
  const call = currentCall();
  const batches = readBatches(pool, statement);
  // The span lasts as long as the reading: what a slow reader makes the server wait belongs to the picture.
  let finish: (outcome: { error?: unknown }) => void = () => {};
  const outcome = new Promise<{ error?: unknown }>((resolve) => {
    finish = resolve;
  });
  let count = 0;
  const traced = traceStatement(pool.target, statement.text, call?.span, async (countRows) => {
    const { error } = await outcome;
    countRows(count);
    if (error !== undefined) throw error;
  });
  // Rethrown below, where the reader sees it.
  traced.catch(() => {});
  try {
    for await (const batch of batches) {
      for (const row of batch) {
        count++;
        yield row;
      }
    }
  } catch (error) {
    finish({ error });
    await traced;
  } finally {
    finish({});
    await batches.return(undefined);
  }
}

async function* readBatches(pool: ConnectionPool, statement: Statement): AsyncGenerator<Row[]> {
  const call = currentCall();
  const client = await pool.acquire();
  const onAbort = (): void => void client.cancel();
  call?.signal.addEventListener("abort", onAbort, { once: true });
  let cursor: RowCursor | undefined;
  try {
    await client.limitTo(call);
    cursor = await client.openCursor(statement);
    for (;;) {
      const rows = await cursor.read(batchRows);
      if (rows.length === 0) return;
      yield rows;
    }
  } catch (error) {
    // What state the cursor left the connection in is not worth finding out.
    client.retired = true;
    if (call?.signal.aborted) throw canceledError(pool.database, call);
    throw error;
  } finally {
    call?.signal.removeEventListener("abort", onAbort);
    if (!client.retired) await Promise.race([cursor?.close(), client.gone]);
    pool.release(client);
  }
}
