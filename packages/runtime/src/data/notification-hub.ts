// LISTEN for one process and database: one connection for all channels, made anew when it breaks. What was notified while there was none is
// lost, as PostgreSQL keeps nothing; so every reader is told each time from when on it hears everything again.
import { setTimeout as sleep } from "node:timers/promises";
import { log } from "../log/log.ts";
import { connectClient } from "./connect-client.ts";
import type { ClientSettings, DatabaseClient } from "./database-client.ts";
import { quoteIdentifier } from "./quote-identifier.ts";

/**
 * `listening`: from now on every notification arrives. It is the first event, and comes again after each gap (a broken connection, a
 * reader that fell too far behind): what happened before it may have been missed, so read the state it is about then.
 */
export type ListenEvent = { readonly type: "listening" } | { readonly type: "notification"; readonly payload: string };

const connectMs = 10_000;
const pauseMs = 500;
/** A connection that is cut off somewhere on its way says nothing: it is asked, and given up when the next question finds it asked still. */
const usualHeartbeatMs = 15_000;
/** Of a reader that does not keep up. */
const mostUnread = 10_000;

interface Reader {
  readonly channel: string;
  readonly unread: ListenEvent[];
  wake(): void;
}

export class NotificationHub {
  readonly #settings: ClientSettings;
  readonly #heartbeatMs: number;
  readonly #readers = new Set<Reader>();
  #client: DatabaseClient | undefined;
  #isRunning = false;
  #isClosed = false;
  #hasWarned = false;
  #last: Promise<unknown> = Promise.resolve();

  constructor(settings: ClientSettings, heartbeatMs = usualHeartbeatMs) {
    this.#settings = settings;
    this.#heartbeatMs = heartbeatMs;
  }

  /** Ends when a signal aborts, the reader leaves or the pool closes. */
  async *listen(channel: string, signals: readonly AbortSignal[]): AsyncGenerator<ListenEvent> {
    let wake = (): void => {};
    const reader: Reader = { channel, unread: [], wake: () => wake() };
    const isOver = () => this.#isClosed || signals.some((signal) => signal.aborted);
    for (const signal of signals) signal.addEventListener("abort", reader.wake);
    this.#readers.add(reader);
    this.#begin(reader);
    try {
      while (!isOver()) {
        const event = reader.unread.shift();
        if (event !== undefined) yield event;
        else
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
      }
    } finally {
      for (const signal of signals) signal.removeEventListener("abort", reader.wake);
      this.#readers.delete(reader);
      this.#leave(channel);
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const reader of this.#readers) reader.wake();
    void this.#client?.end();
  }

  #begin(reader: Reader): void {
    if (this.#client !== undefined) void this.#attend(this.#client, reader.channel, [reader]);
    if (this.#isRunning) return;
    this.#isRunning = true;
    void this.#run();
  }

  /** Until nobody listens any more. */
  async #run(): Promise<void> {
    while (!this.#isClosed && this.#readers.size > 0) {
      try {
        const client = await connectClient(this.#settings, { pipeline: false, timeoutMs: connectMs });
        await this.#serve(client);
      } catch {
        // The server is away: it is tried again as long as somebody listens. Readers notice by what they do not hear.
        await sleep(pauseMs, undefined, { ref: false });
      }
    }
    this.#isRunning = false;
  }

  /** Until the connection is gone. */
  async #serve(client: DatabaseClient): Promise<void> {
    client.onNotification(({ channel, payload = "" }) =>
      deliver(this.#readers, channel, { type: "notification", payload }),
    );
    this.#client = client;
    if (!client.hasOwnSession) this.#warnOfPooler();
    let isAsked = false;
    const heartbeat = setInterval(() => {
      if (isAsked) return client.destroy();
      isAsked = true;
      this.#inTurn(() => client.control("SELECT 1")).then(
        () => {
          isAsked = false;
        },
        () => client.destroy(),
      );
    }, this.#heartbeatMs);
    heartbeat.unref();
    try {
      for (const channel of new Set([...this.#readers].map((reader) => reader.channel)))
        await this.#attend(client, channel, this.#readers);
      if (this.#isClosed || this.#readers.size === 0) await client.end();
      await client.gone;
    } finally {
      clearInterval(heartbeat);
      this.#client = undefined;
    }
  }

  /** In transaction mode a notification comes to a session that is somebody else's by then. */
  #warnOfPooler(): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    const { database } = this.#settings;
    log.warn("the database is behind a pooler: unless that keeps a session for each connection, listen hears nothing", {
      database,
    });
  }

  /** LISTEN may be said again: so a new reader learns from when on it hears. */
  async #attend(client: DatabaseClient, channel: string, readers: Iterable<Reader>): Promise<void> {
    try {
      await this.#inTurn(() => client.control(`LISTEN ${quoteIdentifier(channel)}`));
      deliver(readers, channel, { type: "listening" });
    } catch {
      client.destroy();
    }
  }

  #leave(channel: string): void {
    const client = this.#client;
    if (client === undefined) return;
    if (this.#readers.size === 0) void client.end();
    else if (![...this.#readers].some((reader) => reader.channel === channel))
      void this.#inTurn(() => client.control(`UNLISTEN ${quoteIdentifier(channel)}`)).catch(() => {});
  }

  #inTurn(run: () => Promise<void>): Promise<void> {
    const turn = this.#last.then(run);
    this.#last = turn.catch(() => {});
    return turn;
  }
}

function deliver(readers: Iterable<Reader>, channel: string, event: ListenEvent): void {
  for (const reader of readers) {
    if (reader.channel !== channel) continue;
    if (reader.unread.length >= mostUnread) reader.unread.splice(0, reader.unread.length, { type: "listening" });
    else reader.unread.push(event);
    reader.wake();
  }
}
