// Runs in PostgreSQL: one row per tick, and the key decides between replicas.
import { randomUUID } from "node:crypto";
import pg from "pg";
import { type Claim, type ClaimOutcome, type CronStore, staleAfterMs } from "./cron-store.ts";

const lockKey = 500_034_367_344;
const connectTimeoutMs = 10_000;
const keptRuns = 1_000;

const tables = `
CREATE SCHEMA IF NOT EXISTS tenon_cron;
CREATE TABLE IF NOT EXISTS tenon_cron.run (
  job text NOT NULL,
  tick timestamptz NOT NULL,
  status text NOT NULL,
  runner uuid NOT NULL,
  attempt integer NOT NULL DEFAULT 1,
  started_at timestamptz NOT NULL DEFAULT now(),
  alive_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  trace_id text,
  PRIMARY KEY (job, tick)
);`;

/** Rows of runs that go on and whose runner has been heard of. */
const isAlive = `status = 'running' AND alive_at > now() - ${staleAfterMs} * interval '1 millisecond'`;

export function createPostgresStore(connectionString: string): CronStore {
  return new PostgresStore(connectionString);
}

class PostgresStore implements CronStore {
  readonly #pool: pg.Pool;
  readonly #runner = randomUUID();

  constructor(connectionString: string) {
    this.#pool = new pg.Pool({ connectionString, max: 2, connectionTimeoutMillis: connectTimeoutMs });
    // A connection that breaks while idle is replaced; its error is nobody's.
    this.#pool.on("error", () => {});
  }

  async prepare(): Promise<void> {
    // Statements of one text are a transaction, with which the lock ends, in whatever session of a pooler.
    await this.#pool.query(`SELECT pg_advisory_xact_lock(${lockKey}); ${tables}`);
  }

  async claim({ job, tickAt, overlap }: Claim): Promise<ClaimOutcome> {
    const { rows } = await this.#pool.query<{ status: string }>(
      `INSERT INTO tenon_cron.run (job, tick, status, runner)
       SELECT $1, to_timestamp($2::float8 / 1000), CASE WHEN $3 AND EXISTS (
         SELECT 1 FROM tenon_cron.run WHERE job = $1 AND ${isAlive}) THEN 'skipped' ELSE 'running' END, $4
       ON CONFLICT (job, tick) DO NOTHING RETURNING status`,
      [job, tickAt, overlap === "skip", this.#runner],
    );
    const status = rows[0]?.status;
    if (status === undefined) return "taken";
    return status === "running" ? "mine" : "skipped";
  }

  async beat(job: string, tickAt: number): Promise<void> {
    await this.#pool.query(
      `UPDATE tenon_cron.run SET alive_at = now()
       WHERE job = $1 AND tick = to_timestamp($2::float8 / 1000) AND runner = $3`,
      [job, tickAt, this.#runner],
    );
  }

  async finish(job: string, tickAt: number, status: "ok" | "failed", traceId: string): Promise<void> {
    await this.#pool.query(
      `UPDATE tenon_cron.run SET status = $4, trace_id = $5, finished_at = now()
       WHERE job = $1 AND tick = to_timestamp($2::float8 / 1000) AND runner = $3`,
      [job, tickAt, this.#runner, status, traceId],
    );
    await this.#pool.query(
      `DELETE FROM tenon_cron.run WHERE job = $1 AND status <> 'running' AND tick < (
         SELECT tick FROM tenon_cron.run WHERE job = $1 ORDER BY tick DESC OFFSET ${keptRuns} LIMIT 1)`,
      [job],
    );
  }

  async takeLost(jobs: readonly string[]): Promise<{ job: string; tickAt: number }[]> {
    const { rows } = await this.#pool.query<{ job: string; tick: Date }>(
      `UPDATE tenon_cron.run SET runner = $2, attempt = attempt + 1, alive_at = now() WHERE (job, tick) IN (
         SELECT job, tick FROM tenon_cron.run WHERE job = ANY($1) AND status = 'running' AND NOT (${isAlive})
         FOR UPDATE SKIP LOCKED)
       RETURNING job, tick`,
      [jobs, this.#runner],
    );
    return rows.map(({ job, tick }) => ({ job, tickAt: tick.getTime() }));
  }

  async newestTick(job: string): Promise<number | null> {
    const { rows } = await this.#pool.query<{ tick: Date | null }>(
      "SELECT max(tick) AS tick FROM tenon_cron.run WHERE job = $1",
      [job],
    );
    return rows[0]?.tick?.getTime() ?? null;
  }

  async markMissed(job: string, tickAt: number): Promise<void> {
    await this.#pool.query(
      `INSERT INTO tenon_cron.run (job, tick, status, runner)
       VALUES ($1, to_timestamp($2::float8 / 1000), 'missed', $3) ON CONFLICT DO NOTHING`,
      [job, tickAt, this.#runner],
    );
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }
}
