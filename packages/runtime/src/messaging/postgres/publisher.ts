// Publishing: what is asked for while the server is busy, or within one turn of the event loop, goes into one statement, and each caller
// is answered once that is committed. All statements take one connection, so that the order of publishing is the order of the rows.
import pg from "pg";
import type { OutgoingMessage } from "../broker.ts";
import type { Connection } from "./connection.ts";
import { publishStatement } from "./publish-statement.ts";

interface Publication {
  readonly topic: string;
  readonly messages: readonly OutgoingMessage[];
  resolve(): void;
  reject(error: unknown): void;
}

/** What one statement publishes. */
interface Batch {
  readonly publications: readonly Publication[];
  /** Ordering keys, each with its topic. */
  readonly keys: ReadonlySet<string>;
}

/** The next statement is on its way while the server commits the last one. */
const mostUnderWay = 2;
const mostMessages = 1_000;
const mostCharacters = 4_000_000;

export class Publisher {
  readonly #connection: Connection;
  readonly #waiting: Publication[] = [];
  readonly #underWay = new Set<Batch>();
  #isScheduled = false;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** All of them or none. */
  publish(topic: string, messages: readonly OutgoingMessage[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ topic, messages, resolve, reject });
      this.#schedule();
    });
  }

  /** Whoever goes on in the same turn, because the last statement was answered, comes along. */
  #schedule(): void {
    if (this.#isScheduled || this.#waiting.length === 0 || this.#underWay.size >= mostUnderWay) return;
    this.#isScheduled = true;
    process.nextTick(() => {
      this.#isScheduled = false;
      const batch = this.#nextBatch();
      if (batch.publications.length === 0) return;
      void this.#send(batch);
      this.#schedule();
    });
  }

  /**
   * Up to the first with an ordering key of what is under way: should the server refuse that, it is sent once more, and what comes after it
   * must not have gone before.
   */
  #nextBatch(): Batch {
    const keys = new Set<string>();
    let messages = 0;
    let characters = 0;
    let count = 0;
    for (const publication of this.#waiting) {
      const own = keysOf(publication);
      if (own.some((key) => this.#isUnderWay(key))) break;
      messages += publication.messages.length;
      for (const { payload } of publication.messages) characters += payload.length;
      if (count > 0 && (messages > mostMessages || characters > mostCharacters)) break;
      for (const key of own) keys.add(key);
      count++;
    }
    return { publications: this.#waiting.splice(0, count), keys };
  }

  #isUnderWay(key: string): boolean {
    for (const { keys } of this.#underWay) if (keys.has(key)) return true;
    return false;
  }

  async #send(batch: Batch): Promise<void> {
    const { publications } = batch;
    this.#underWay.add(batch);
    try {
      await this.#connection.run(publishStatement(publications));
      for (const { resolve } of publications) resolve();
    } catch (error) {
      if (publications.length > 1 && wasRefused(error)) await this.#sendEach(publications);
      else for (const { reject } of publications) reject(error);
    } finally {
      this.#underWay.delete(batch);
      this.#schedule();
    }
  }

  /** One that the server refuses must not take the others with it. */
  async #sendEach(batch: readonly Publication[]): Promise<void> {
    for (const publication of batch) {
      await this.#connection.run(publishStatement([publication])).then(publication.resolve, publication.reject);
    }
  }
}

function keysOf({ topic, messages }: Publication): string[] {
  return messages.flatMap(({ orderingKey }) => (orderingKey === null ? [] : [`${topic}\n${orderingKey}`]));
}

/** The server has said that it did nothing. One that is going down (class 57P) or a connection that breaks leaves that open. */
function wasRefused(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code?.startsWith("57P") !== true;
}
