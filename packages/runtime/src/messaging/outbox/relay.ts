// Sends on what transactions have left in the outbox of one database. Every process with such a database has a relay; an advisory lock, held
// only while there is something to do, lets one at a time empty the outbox: order is kept, and one that dies leaves nothing locked.
//
//   idle --woken, or time to look--> emptying --nothing left--------> idle
//                                       |-----another relay is at it-> idle, for a moment
//                                       +-----broker or server away--> idle, longer each time
//
// It is woken by commits of its own process. What a process has committed when it dies is seen by the others when they look, every few
// seconds: NOTIFY in users' transactions would take a lock that all transactions of the server share, and a connection per process.
import { setTimeout as pause } from "node:timers/promises";
import { ConnectionPool } from "../../data/connection-pool.ts";
import type { DatabaseConfig } from "../../lifecycle/host-config.ts";
import { log } from "../../log/log.ts";
import { runOutsideOfCalls } from "../../telemetry/outside-of-calls.ts";
import { SpanTemplate } from "../../telemetry/span-template.ts";
import type { Broker } from "../broker.ts";
import { BacklogMetrics } from "./backlog-metrics.ts";
import { createOutboxTables } from "./outbox-tables.ts";
import { type Backlog, OutboxStore } from "./outbox-store.ts";
import type { Outbox } from "./outboxes.ts";
import { SendRound } from "./send-round.ts";
import { Setbacks } from "./setbacks.ts";

export interface RelayOptions {
  /** As it is declared. */
  readonly database: string;
  /** Whose database it is: spans of the relay are this service's. */
  readonly service: string;
  readonly config: DatabaseConfig;
  readonly broker: Broker;
  /** All that the broker knows. */
  readonly topics: readonly string[];
}

/** When to go on; `isFirm`: nobody wakes it earlier. */
interface Rest {
  readonly durationMs: number;
  readonly isFirm: boolean;
}

const lookMs = 3_000;
const shortestStandbyMs = 50;
const longestStandbyMs = 500;
const shortestBackoffMs = 100;
const longestBackoffMs = 5_000;
const housekeepingMs = 5 * 60_000;
/** Longer than a new version takes to replace an old one, which does not know its topics. */
const unknownForMs = 10 * 60_000;
const closeTimeoutMs = 1_000;

export class Relay implements Outbox {
  readonly #options: RelayOptions;
  readonly #pool: ConnectionPool;
  readonly #setbacks = new Setbacks();
  readonly #spans = new Map<string, SpanTemplate>();
  readonly #metrics: BacklogMetrics;
  #backlog: Backlog = { waiting: 0, parked: 0, oldestAgeMs: null };
  #running: Promise<void> | undefined;
  #endRest: (() => void) | undefined;
  #isWoken = false;
  /** Since `handOver`. */
  #hasCommitted = true;
  #isStopping = false;
  #isCut = false;
  #isPrepared = false;
  #lookAt = 0;
  #housekeepingAt = Date.now() + 2 * housekeepingMs;
  /** In a row: another relay was at it, the broker took nothing, the database did not answer. */
  #timesBusy = 0;
  #timesAway = 0;
  #timesLost = 0;

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#metrics = new BacklogMetrics(options.database);
    // Of its own: neither do transactions that use up the service's connections hold it up, nor does a slow broker hold up them.
    this.#pool = new ConnectionPool(options.database, { ...options.config, maxConnections: 1 });
  }

  /** As it was when it was looked at last. */
  get backlog(): Backlog {
    return this.#backlog;
  }

  /** Makes the tables where they are missing. Throws HostError `outbox_unprepared`, else what connecting throws. */
  async prepare(): Promise<void> {
    if (this.#isPrepared) return;
    const { database, config } = this.#options;
    await createOutboxTables({ database, connectionString: config.connectionString });
    await this.#withStore((store) => store.unpark());
    this.#isPrepared = true;
  }

  /** From now on it works by itself. */
  start(): void {
    this.#running ??= runOutsideOfCalls(() => this.#run());
  }

  committed(): undefined {
    this.#isWoken = true;
    this.#hasCommitted = true;
    this.#endRest?.();
  }

  /** For a process that may be frozen now: sends on what its transactions have left. Never rejects. */
  async handOver(): Promise<void> {
    if (!this.#hasCommitted) return;
    this.#hasCommitted = false;
    await this.empty();
  }

  /** Sends on what is there now. Never rejects. */
  async empty(): Promise<void> {
    await runOutsideOfCalls(() => this.#turn());
  }

  /** Parks what nobody knows, brings back what this version does know, forgets what nobody needs. */
  async keepHouse(): Promise<void> {
    await this.#withStore((store) => this.#keepHouse(store));
  }

  /** Sends on what is there, for so long at most; the rest is for others, or for the next start. */
  async stop(timeoutMs: number): Promise<void> {
    this.#isStopping = true;
    this.#isWoken = true;
    this.#endRest?.();
    const timer = new AbortController();
    const late = pause(timeoutMs, undefined, { signal: timer.signal }).catch(() => {});
    await Promise.race([this.#running, late]);
    timer.abort();
    this.#isCut = true;
    await this.#pool.close(closeTimeoutMs);
  }

  async #run(): Promise<void> {
    do {
      this.#isWoken = false;
      const rest = await this.#turn();
      await this.#rest(rest);
    } while (!this.#isStopping || (this.#isWoken && !this.#isCut));
  }

  #rest({ durationMs, isFirm }: Rest): Promise<void> {
    if (this.#isStopping || (this.#isWoken && !isFirm)) return Promise.resolve();
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.#endRest = undefined;
        resolve();
      };
      const timer = setTimeout(end, durationMs);
      this.#endRest = () => {
        if (this.#isStopping || !isFirm) end();
      };
    });
  }

  /** Never rejects. */
  async #turn(): Promise<Rest> {
    try {
      await this.prepare();
      const rest = await this.#withStore((store) => this.#emptyOut(store));
      this.#timesLost = 0;
      return rest;
    } catch (error) {
      if (this.#timesLost++ === 0)
        log.warn(error, `the outbox of ${this.#options.database} cannot be read; trying again`);
      return backoff(this.#timesLost);
    }
  }

  async #withStore<T>(run: (store: OutboxStore) => Promise<T>): Promise<T> {
    const { database, topics } = this.#options;
    const client = await this.#pool.acquire();
    try {
      return await run(new OutboxStore(client, database, topics));
    } catch (error) {
      // The lock goes with the connection.
      client.retired = true;
      throw error;
    } finally {
      this.#pool.release(client);
    }
  }

  async #emptyOut(store: OutboxStore): Promise<Rest> {
    if (Date.now() >= this.#housekeepingAt) await this.#keepHouse(store);
    if ((await this.#isEmpty(store)) || this.#isCut) return this.#idle();
    if (!(await store.tryLock())) return this.#standBy();
    this.#timesBusy = 0;
    let isTaken = true;
    while (isTaken && !this.#isCut) {
      const rows = await store.read(this.#setbacks.aside());
      if (rows.length === 0) break;
      const round = new SendRound(this.#options.broker, (topic) => this.#spanOf(topic));
      isTaken = await this.#settle(store, await round.send(rows, this.#timesAway > 0));
      if (!(await store.keep())) return this.#standBy();
    }
    await store.unlock();
    return isTaken ? this.#idle() : backoff(this.#timesAway);
  }

  /** Returns whether the broker took anything. */
  async #settle(store: OutboxStore, { accepted, refused }: Awaited<ReturnType<SendRound["send"]>>): Promise<boolean> {
    const isTaken = accepted.length > 0;
    if (isTaken) {
      await store.delete(accepted.map(({ place }) => place));
      this.#setbacks.accepted(accepted, this.#timesAway > 0);
      if (this.#timesAway > 0) log.info(`messages in the outbox of ${this.#options.database} are on their way again`);
      this.#timesAway = 0;
    } else if (this.#timesAway++ === 0) {
      const what = `messages in the outbox of ${this.#options.database} cannot be published; they wait`;
      log.warn(refused[0]?.error ?? new Error("the broker does not answer"), what);
    }
    // Where nothing was taken it is the broker's fault more likely than theirs: only the first stands aside.
    for (const { row, error } of isTaken ? refused : refused.slice(0, 1)) {
      if (!this.#setbacks.refused(row, error.message)) continue;
      await store.park(row.place, error.message);
      const { topic, message } = row;
      log.error(error, `a message for ${topic} was parked: the broker takes others and not this`, {
        messageId: message.id,
      });
    }
    return isTaken;
  }

  /** Asks only now and then: whoever was woken knows that there is something. */
  async #isEmpty(store: OutboxStore): Promise<boolean> {
    const now = Date.now();
    if (this.#timesBusy === 0 && now < this.#lookAt) return false;
    const backlog = await store.look();
    this.#lookAt = now + lookMs;
    this.#backlog = backlog;
    this.#metrics.set(backlog);
    return backlog.waiting === 0;
  }

  async #keepHouse(store: OutboxStore): Promise<void> {
    this.#housekeepingAt = Date.now() + housekeepingMs;
    await store.unparkKnown();
    const topics = await store.parkUnknown(unknownForMs);
    if (topics.length > 0)
      log.error("messages were parked: no running version of the app knows their topics", { topics });
    await store.dropExpired();
  }

  #idle(): Rest {
    this.#timesBusy = 0;
    const toLookMs = Math.max(0, this.#lookAt - Date.now());
    return { durationMs: Math.min(toLookMs, this.#setbacks.nextMs() ?? toLookMs), isFirm: false };
  }

  #standBy(): Rest {
    return { durationMs: Math.min(longestStandbyMs, shortestStandbyMs * 2 ** this.#timesBusy++), isFirm: true };
  }

  #spanOf(topic: string): SpanTemplate {
    let template = this.#spans.get(topic);
    if (template === undefined) {
      const { service, broker } = this.#options;
      template = new SpanTemplate({
        name: `relay ${topic}`,
        kind: "producer",
        service,
        attributes: {
          "messaging.system": broker.system,
          "messaging.operation.name": "relay",
          "messaging.operation.type": "send",
          "messaging.destination.name": topic,
        },
      });
      this.#spans.set(topic, template);
    }
    return template;
  }
}

/** Commits go on meanwhile: a try for each of them would help nobody. */
function backoff(times: number): Rest {
  return { durationMs: Math.min(longestBackoffMs, shortestBackoffMs * 2 ** (times - 1)), isFirm: true };
}
