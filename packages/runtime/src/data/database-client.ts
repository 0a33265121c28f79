// One connection to PostgreSQL: runs statements in order, cancels them when their call is over, and knows when it is of no more use.
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import Cursor from "pg-cursor";
import { type CallContext, currentCall } from "../call/context.ts";
import { sendCancel } from "./cancel-statement.ts";
import { canceledError, unlessOver } from "./canceled-error.ts";
import { ConnectionTrust } from "./connection-trust.ts";
import { leaveUntraced } from "./drivers/trace-pg-client.ts";
import { DatabaseError } from "./errors.ts";
import type { ParameterTypes } from "./parameter-types.ts";
import type { EncodedParameter } from "./parameters.ts";
import { sqlStateOf } from "./postgres-error.ts";
import type { PreparedNames } from "./prepared-names.ts";
import type { Awaited, ServerWatch } from "./server-watch.ts";
import { SessionLimits } from "./session-limits.ts";
import type { Row, Statement, StatementResult } from "./statement.ts";
import type { UserArrays } from "./user-arrays.ts";

const cancelGraceMs = 1_000;

export interface ClientSettings {
  readonly database: string;
  readonly connectionString: string;
  readonly names: PreparedNames;
  readonly parameterTypes: ParameterTypes;
  readonly userArrays: UserArrays;
  readonly watch: ServerWatch;
}

export interface RowCursor {
  /** The next rows; none at the end. */
  read(rows: number): Promise<Row[]>;
  close(): Promise<void>;
}

interface InFlight extends Awaited {
  startedAt: number;
}

/** Not the simple protocol, which allows several statements in one text; the typings lack it. */
interface ExtendedQuery extends pg.QueryConfig {
  readonly queryMode: "extended";
}

export class DatabaseClient {
  /** Refused to new users: broken, or a cancel request may still be on its way to it. */
  retired = false;
  /** Resolves when the connection has ended, whoever ended it. */
  readonly gone: Promise<void>;
  readonly trust = new ConnectionTrust(this);
  readonly #settings: ClientSettings;
  readonly #isPipelined: boolean;
  readonly #client: pg.Client;
  readonly #limits: SessionLimits;
  readonly #inFlight: InFlight[] = [];
  #cancelSent = false;
  readonly #retire = (): void => {
    this.retired = true;
  };

  constructor(settings: ClientSettings, options: { pipeline: boolean; connectTimeoutMs: number }) {
    this.#settings = settings;
    this.#isPipelined = options.pipeline;
    this.#client = new pg.Client({
      connectionString: settings.connectionString,
      pipeline: options.pipeline,
      connectionTimeoutMillis: options.connectTimeoutMs,
      keepAlive: true,
      application_name: "tenon",
      types: { getTypeParser: (oid: number) => settings.userArrays.decoderFor(oid) } as pg.CustomTypesConfig,
    });
    this.#limits = new SessionLimits(this.#client);
    leaveUntraced(this.#client);
    this.#client.on("error", this.#retire);
    this.gone = new Promise((resolve) => {
      this.#client.once("end", () => {
        this.retired = true;
        resolve();
      });
    });
  }

  /** false: a pooler's, in which a name may stand for nothing, or for what another process has prepared. */
  get hasOwnSession(): boolean {
    return this.#limits.isOwn;
  }

  get pending(): number {
    return this.#inFlight.length;
  }

  /** For how long the statement that the server works on has been running. */
  get busyMs(): number {
    const head = this.#inFlight[0];
    return head ? performance.now() - head.startedAt : 0;
  }

  get inTransaction(): boolean {
    return this.#client.getTransactionStatus() !== "I";
  }

  /** A statement of the transaction failed: all it can do is roll back. */
  get transactionFailed(): boolean {
    return this.#client.getTransactionStatus() === "E";
  }

  /** A statement that was cancelled by mistake, in place of one before it, was undone by that and may run again. */
  wasCanceledInPassing(error: unknown): boolean {
    return this.#cancelSent && sqlStateOf(error) === "57014";
  }

  async connect(): Promise<void> {
    await this.#watched(false, undefined, async () => {
      await this.#client.connect();
      // The driver tells of a server that hangs up only when both sides have: too late for who asks next.
      this.#client.connection.stream.once("end", this.#retire);
      await this.#limits.begin();
      await this.#settings.userArrays.loadOnce(this.#client);
    });
  }

  /** Has the server end the statements to come soon after the call's deadline. */
  limitTo(call: CallContext | undefined): Promise<void> | undefined {
    const change = this.#limits.change(call);
    if (change === undefined) return undefined;
    // Whether it worked shows in the statement: a connection that is broken refuses that, too.
    const changed = this.#client.query(change).then(
      () => {},
      () => {},
    );
    // Behind one another on a shared connection, in order: nothing to wait for.
    return this.#isPipelined ? undefined : this.#beforehand(call, () => changed);
  }

  /** Begins a transaction that is limited in the same way. */
  async begin(text: string, call: CallContext | undefined): Promise<void> {
    await this.control(`${text}${this.#limits.changeInTransaction(call)}`);
  }

  /** Gives up when the call is over; what it had to do is then undone or still under way, see `cancel`. */
  async run(statement: Statement, call: CallContext | undefined): Promise<StatementResult> {
    if (call?.signal.aborted) throw canceledError(this.#settings.database, call);
    const values = statement.jsonValues === undefined ? statement.values : await this.#valuesOf(statement, call);
    const name = this.hasOwnSession ? this.#settings.names.nameFor(statement.text) : undefined;
    const query: ExtendedQuery = {
      text: statement.text,
      values: [...values],
      queryMode: "extended",
      ...(name === undefined ? {} : { name }),
    };
    const result = await this.#watched(true, call, (token) => {
      const answer = this.#client.query(query);
      return call ? this.#unlessAborted(answer, token, call) : answer;
    });
    await this.#settings.userArrays.decodeNew(result.fields, result.rows, this.#client);
    return { rows: result.rows, rowCount: result.rowCount ?? 0 };
  }

  /** Control statements (BEGIN, SET ...): several may stand in one text, nothing is decoded, no call's end cuts them short. */
  async control(text: string): Promise<void> {
    await this.#watched(true, currentCall(), () => this.#client.query(text));
  }

  /** Makes the session as it was when it was new; `text`: what that takes, ending with RESET ALL or its like. */
  async reset(text: string): Promise<void> {
    await this.control(`${text}${this.#limits.afterReset()}`);
  }

  async openCursor(statement: Statement): Promise<RowCursor> {
    const call = currentCall();
    const config = { types: { getTypeParser: (oid: number) => this.#settings.userArrays.decoderFor(oid) } };
    const values = [...(await this.#valuesOf(statement, call))];
    const cursor = this.#client.query(new Cursor<Row>(statement.text, values, config));
    return {
      read: (rows) => this.#watched(true, call, () => cursor.read(rows)),
      close: () => cursor.close(),
    };
  }

  /** Waits for something that the server is to do; given up, as statements are, when it falls silent. */
  attend<T>(call: CallContext | undefined, wait: () => Promise<T>): Promise<T> {
    return this.#watched(true, call, wait);
  }

  /** Hands the connection to something that speaks the protocol itself (COPY), until it is done. */
  submit(submittable: pg.Submittable): void {
    this.#client.query(submittable);
  }

  /** Calls back for each notification; until the connection has ended. */
  onNotification(listener: (notification: pg.Notification) => void): void {
    this.#client.on("notification", listener);
  }

  /** Ends what the server works on now; the connection is not used again, because the request may come late. */
  async cancel(): Promise<void> {
    this.retired = true;
    this.#cancelSent = true;
    await sendCancel(this.#client);
  }

  async end(): Promise<void> {
    this.retired = true;
    await this.#client.end().catch(() => {});
  }

  /** Drops the connection without a farewell; whatever runs on it fails. */
  destroy(): void {
    this.retired = true;
    this.#client.connection.stream.destroy();
  }

  async #valuesOf(
    { text, values, jsonValues }: Statement,
    call: CallContext | undefined,
  ): Promise<readonly EncodedParameter[]> {
    if (jsonValues === undefined) return values;
    const { parameterTypes } = this.#settings;
    const isJson =
      parameterTypes.known(text) ?? (await this.#beforehand(call, () => parameterTypes.ask(text, this.#client)));
    return values.map((value, index) => (isJson[index] ? (jsonValues[index] ?? value) : value));
  }

  /** Something that has to be said before the statement, which has not been sent when this fails. */
  async #beforehand<T>(call: CallContext | undefined, say: () => Promise<T>): Promise<T> {
    try {
      return await this.#watched(false, call, () => unlessOver(say(), this.#settings.database, call));
    } catch (error) {
      // Its answer is still to come.
      if (error instanceof DatabaseError) this.retired = true;
      throw error;
    }
  }

  /** The outcome of something under way; or why it was given up, when the server falls silent over it. */
  #watched<T>(isSent: boolean, call: CallContext | undefined, start: (token: InFlight) => Promise<T>): Promise<T> {
    const { watch } = this.#settings;
    return new Promise<T>((resolve, reject) => {
      const giveUp = (error: DatabaseError): void => {
        this.retired = true;
        reject(error);
      };
      const token: InFlight = { startedAt: performance.now(), deadlineAt: call?.deadlineAt, isSent, giveUp };
      const settle = (answered: boolean): void => {
        watch.end(token, answered);
        this.#finished(token);
      };
      this.#inFlight.push(token);
      watch.begin(token);
      start(token).then(
        (value) => {
          settle(true);
          resolve(value);
        },
        (error: unknown) => {
          settle(sqlStateOf(error) !== undefined);
          reject(error);
        },
      );
    });
  }

  #finished(token: InFlight): void {
    this.#inFlight.splice(this.#inFlight.indexOf(token), 1);
    const next = this.#inFlight[0];
    if (next) next.startedAt = performance.now();
    else this.trust.rest();
  }

  /** The answer; or, once the call is over, the reason why it was given up. */
  #unlessAborted<T>(answer: Promise<T>, token: InFlight, call: CallContext): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const onAbort = (): void => {
        this.#giveUp(answer, token).then(() => reject(canceledError(this.#settings.database, call)));
      };
      call.signal.addEventListener("abort", onAbort, { once: true });
      const stopListening = (): void => call.signal.removeEventListener("abort", onAbort);
      answer.finally(stopListening).then(resolve, (error: unknown) => {
        const ours = call.signal.aborted && sqlStateOf(error) === "57014";
        reject(ours ? canceledError(this.#settings.database, call) : error);
      });
    });
  }

  /** Resolves once the statement has ended on the server or the connection is dropped. */
  async #giveUp(answer: Promise<unknown>, token: InFlight): Promise<void> {
    const settled = answer.then(
      () => {},
      () => {},
    );
    // Reads queued behind others on a shared connection are left to finish unseen.
    if (this.#inFlight[0] !== token) return;
    const timer = new AbortController();
    const patience = sleep(cancelGraceMs, "late", { signal: timer.signal }).catch(() => {});
    const outcome = await Promise.race([Promise.all([this.cancel(), settled]), patience]);
    timer.abort();
    if (outcome === "late") this.destroy();
  }
}
