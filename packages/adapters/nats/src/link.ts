// The connection of a process to NATS: publishing with the server's word that a message is stored, requests to JetStream, and a call to
// everybody once the connection is back.
import { type JetStreamManager, jetstreamManager } from "@nats-io/jetstream";
import { connect, headers, type Msg, type NatsConnection } from "@nats-io/transport-node";
import { connectionOptions, type NatsEngineConfig } from "./config.ts";
import { Names } from "./names.ts";

/** A server that does not answer for so long has failed. */
const requestTimeoutMs = 5_000;

export interface PublishOptions {
  /** A second message of the stream with the same one, within the dedup window, is not stored. */
  readonly messageId?: string;
  /** Refused unless the last message of the subject has this sequence; 0: unless there is none. */
  readonly expectedLastSequence?: number;
}

/** A message of a stream. */
export interface Stored {
  readonly subject: string;
  readonly seq: number;
  readonly data: Uint8Array;
}

export class WrongLastSequence extends Error {
  override readonly name = "WrongLastSequence";
}

export class Link {
  readonly connection: NatsConnection;
  readonly manager: JetStreamManager;
  readonly names: Names;
  readonly #onReconnect = new Set<() => void>();
  /** Of requests that wait for their answer. */
  readonly #underWay = new Set<(error: Error) => void>();
  #isConnected = true;

  private constructor(connection: NatsConnection, manager: JetStreamManager, names: Names) {
    this.connection = connection;
    this.manager = manager;
    this.names = names;
    void this.#watch();
  }

  static async open(config: NatsEngineConfig): Promise<Link> {
    const connection = await connect(await connectionOptions(config));
    try {
      const manager = await jetstreamManager(connection, { timeout: requestTimeoutMs });
      return new Link(connection, manager, new Names(config.prefix ?? "tenon"));
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  /** Called with every connection after the first. */
  onReconnect(listener: () => void): () => void {
    this.#onReconnect.add(listener);
    return () => this.#onReconnect.delete(listener);
  }

  /** Resolves with the sequence of the message, or of the one before with the same id, once it is stored. */
  async publish(subject: string, data: Uint8Array, options: PublishOptions = {}): Promise<number> {
    const { messageId, expectedLastSequence } = options;
    const fields = headers();
    if (messageId !== undefined) fields.set("Nats-Msg-Id", messageId);
    if (expectedLastSequence !== undefined) {
      fields.set("Nats-Expected-Last-Subject-Sequence", String(expectedLastSequence));
    }
    const answer = await this.request(subject, data, fields);
    const { seq, error } = answer.json<{ seq?: number; error?: { err_code?: number; description: string } }>();
    if (error?.err_code === wrongLastSequenceCode) throw new WrongLastSequence(error.description);
    if (seq === undefined) throw new Error(error?.description ?? "the server gave no sequence");
    return seq;
  }

  /** Rejects as soon as the connection is lost: nobody knows then whether the server has heard it. */
  request(subject: string, data: Uint8Array | string, fields = headers()): Promise<Msg> {
    return this.#ask(() => this.connection.request(subject, data, { timeout: requestTimeoutMs, headers: fields }));
  }

  /** The client forgets what is said while there is no connection: that waits until there is one. */
  async #ask<T>(question: () => Promise<T>): Promise<T> {
    await this.#untilConnected();
    let lose: (error: Error) => void = () => {};
    const lost = new Promise<never>((_, reject) => {
      lose = reject;
    });
    this.#underWay.add(lose);
    const answer = question();
    try {
      return await Promise.race([answer, lost]);
    } finally {
      this.#underWay.delete(lose);
      answer.catch(() => {});
    }
  }

  async #untilConnected(): Promise<void> {
    if (this.#isConnected) return;
    await new Promise<void>((resolve, reject) => {
      const forget = this.onReconnect(() => {
        clearTimeout(timer);
        forget();
        resolve();
      });
      const timer = setTimeout(() => {
        forget();
        reject(new Error("there is no connection to NATS"));
      }, requestTimeoutMs);
    });
  }

  /** The first message of a subject, which may have wildcards, at or after a sequence. */
  async first(stream: string, subject: string, from = 1): Promise<Stored | undefined> {
    // The server takes both together; the client's types know it of direct requests only, which may be behind.
    const query = { seq: from, next_by_subj: subject };
    return await this.#get(stream, query);
  }

  async last(stream: string, subject: string): Promise<Stored | undefined> {
    return await this.#get(stream, { last_by_subj: subject });
  }

  async #get(
    stream: string,
    query: Parameters<JetStreamManager["streams"]["getMessage"]>[1],
  ): Promise<Stored | undefined> {
    const message = await this.#ask(() => this.manager.streams.getMessage(stream, query));
    return message === null ? undefined : { subject: message.subject, seq: message.seq, data: message.data };
  }

  /** Whether it was there. After a crash of the server it may be back. Its place on the disk is not written over. */
  async remove(stream: string, seq: number): Promise<boolean> {
    try {
      return await this.#ask(() => this.manager.streams.deleteMessage(stream, seq, false));
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#onReconnect.clear();
    await this.connection.close();
  }

  async #watch(): Promise<void> {
    for await (const { type } of this.connection.status()) {
      if (type === "reconnect") {
        this.#isConnected = true;
        for (const listener of [...this.#onReconnect]) listener();
      }
      if (type === "disconnect") {
        this.#isConnected = false;
        for (const lose of [...this.#underWay]) lose(new Error("the connection to NATS was lost"));
      }
    }
  }
}

const wrongLastSequenceCode = 10_071;
const messageNotFoundCode = 10_037;
const sequenceNotFoundCode = 10_043;
const deleteFailedCode = 10_057;

function isNotFound(error: unknown): boolean {
  const { code } = error as { code?: number };
  return code === messageNotFoundCode || code === sequenceNotFoundCode || code === deleteFailedCode;
}
