// What the server is told so that it ends statements nobody waits for any more, should this process be unable to: it looks after its client
// while a statement runs, and a statement may take little longer than its call. Where a pooler stands in between, a session is not ours to
// change, and only transactions get their limit.
import type pg from "pg";
import type { CallContext } from "../call/context.ts";

const checkIntervalMs = 2_000;
/** Our own request to cancel comes first. */
const graceMs = 1_000;
const shortestMs = 2_048;
const longestMs = 2_147_483_647;

interface SessionFacts {
  readonly pid: number;
  readonly timeout_ms: number;
  /** null: the session is a pooler's. */
  readonly checking?: string | null;
}

const facts = `SELECT pg_backend_pid() AS pid,
  (extract(epoch FROM current_setting('statement_timeout')::interval) * 1000)::float8 AS timeout_ms`;
const checking = `set_config('client_connection_check_interval', '${checkIntervalMs}', false)`;

export class SessionLimits {
  readonly #client: pg.Client & { readonly processID?: number | null };
  #isOwn = false;
  #isChecking = false;
  /** statement_timeout as server and role have it; 0: none. */
  #defaultMs = 0;
  #currentMs = 0;

  constructor(client: pg.Client) {
    this.#client = client;
  }

  /** Known once `begin` is done. false: a pooler's, which may give each transaction another session. */
  get isOwn(): boolean {
    return this.#isOwn;
  }

  /** To be called once the connection is there. */
  async begin(): Promise<void> {
    // A pooler speaks for itself when it names the process to cancel.
    const { processID } = this.#client;
    const { pid, timeout_ms: timeoutMs } = await this.#ask(processID ?? 0);
    this.#isOwn = pid === processID;
    this.#defaultMs = timeoutMs;
    this.#currentMs = timeoutMs;
  }

  /** The statement that brings the session to what the call asks for; undefined: it is there. */
  change(call: CallContext | undefined): string | undefined {
    const wantedMs = this.#isOwn ? this.#wantedMs(call) : this.#currentMs;
    if (wantedMs === this.#currentMs) return undefined;
    this.#currentMs = wantedMs;
    return `SET statement_timeout = ${wantedMs}`;
  }

  /** The same for one transaction, to stand behind BEGIN. */
  changeInTransaction(call: CallContext | undefined): string {
    const wantedMs = this.#wantedMs(call);
    return wantedMs === this.#currentMs ? "" : `; SET LOCAL statement_timeout = ${wantedMs}`;
  }

  /** What has to follow `RESET ALL`. */
  afterReset(): string {
    this.#currentMs = this.#defaultMs;
    return this.#isChecking ? `; SELECT ${checking}` : "";
  }

  async #ask(ownPid: number): Promise<SessionFacts> {
    try {
      const ifOwn = `CASE WHEN pg_backend_pid() = ${ownPid} THEN ${checking} END AS checking`;
      const { rows } = await this.#client.query<SessionFacts>(`${facts}, ${ifOwn}`);
      this.#isChecking = rows[0]!.checking !== null;
      return rows[0]!;
    } catch (error) {
      // The server's system has no way to check, or the server is older than PostgreSQL 14. Anything else fails again.
      if ((error as { severity?: string }).severity === undefined) throw error;
      return (await this.#client.query<SessionFacts>(facts)).rows[0]!;
    }
  }

  /** In steps of powers of two, so that a connection rarely changes its mind. */
  #wantedMs(call: CallContext | undefined): number {
    if (call?.deadlineAt === undefined) return this.#defaultMs;
    const leftMs = Math.max(shortestMs, call.deadlineAt - Date.now() + graceMs);
    const roundedMs = Math.min(longestMs, 2 ** Math.ceil(Math.log2(leftMs)));
    return this.#defaultMs === 0 ? roundedMs : Math.min(this.#defaultMs, roundedMs);
  }
}
