// A connection borrowed from the pool, for what lives in a session: SET, temporary tables, advisory locks.
import type { ConnectionPool } from "./connection-pool.ts";
import { ExclusiveRunner } from "./exclusive-runner.ts";
import { toDatabaseError } from "./postgres-error.ts";
import { QueryExecutor } from "./query-executor.ts";
import type { StatementRunner } from "./statement.ts";

/** Everything a user can leave behind in a session, but for prepared statements, which are ours. */
const cleanUp =
  "CLOSE ALL; SET SESSION AUTHORIZATION DEFAULT; RESET ALL; UNLISTEN *; SELECT pg_advisory_unlock_all(); DISCARD TEMP; DISCARD SEQUENCES";

export class Connection extends QueryExecutor implements AsyncDisposable {
  readonly #runner: ExclusiveRunner;

  private constructor(runner: ExclusiveRunner) {
    super();
    this.#runner = runner;
  }

  /** For SQLDatabase. */
  static async acquire(pool: ConnectionPool): Promise<Connection> {
    const client = await pool.acquire();
    // What it is told from now on is the user's affair.
    await client.limitTo(undefined);
    return new Connection(new ExclusiveRunner(pool, client, undefined));
  }

  /** Gives the connection back, with a clean session. */
  async close(): Promise<void> {
    try {
      await this.#runner.finish(async (client) => {
        if (client.inTransaction) await client.control("ROLLBACK");
        await client.reset(cleanUp);
      });
    } catch (error) {
      throw toDatabaseError(error, this.#runner.database);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#runner.finished) await this.close();
  }

  protected runner(): StatementRunner {
    return this.#runner;
  }
}
