// A connection for a few statements that are seldom: when a process starts, and now and then while it runs.
import pg from "pg";
import { leaveUntraced } from "../../data/drivers/trace-pg-client.ts";

const connectTimeoutMs = 10_000;

export async function withClient<T>(connectionString: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: connectTimeoutMs, keepAlive: true });
  leaveUntraced(client);
  // What breaks the connection fails the statement that waits.
  client.on("error", () => {});
  try {
    await client.connect();
    return await use(client);
  } finally {
    await client.end().catch(() => {});
  }
}
