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

/** The next statement is on its way while the server commits the last one. */
const mostUnderWay = 2;
const mostMessages = 1_000;
const mostCharacters = 4_000_000;

export class Publisher {
  readonly #connection: Connection;
  readonly #waiting: Publication[] = [];
  #underWay = 0;
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
    if (this.#isScheduled || this.#waiting.length === 0 || this.#underWay >= mostUnderWay) return;
    this.#isScheduled = true;
    process.nextTick(() => {
      this.#isScheduled = false;
      void this.#send(this.#nextBatch());
      this.#schedule();
    });
  }

  #nextBatch(): Publication[] {
    let messages = 0;
    let characters = 0;
    let count = 0;
    for (const publication of this.#waiting) {
      messages += publication.messages.length;
      for (const { payload } of publication.messages) characters += payload.length;
      if (count > 0 && (messages > mostMessages || characters > mostCharacters)) break;
      count++;
    }
    return this.#waiting.splice(0, count);
  }

  async #send(batch: readonly Publication[]): Promise<void> {
    this.#underWay++;
    try {
      await this.#connection.run(publishStatement(batch));
      for (const { resolve } of batch) resolve();
    } catch (error) {
      if (batch.length > 1 && wasRefused(error)) await this.#sendEach(batch);
      else for (const { reject } of batch) reject(error);
    } finally {
      this.#underWay--;
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

/** The server has said that it did nothing. One that is going down (class 57P) or a connection that breaks leaves that open. */
function wasRefused(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code?.startsWith("57P") !== true;
}
