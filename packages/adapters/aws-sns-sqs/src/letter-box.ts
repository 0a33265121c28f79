// The queue of a subscription's dead letters. SQS has no list of what is in a queue: whoever wants to see the letters takes them all for a
// moment, and puts back those that stay. Meanwhile somebody else sees fewer.
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { type ReceivedMessage, readReceived } from "./carried-message.ts";

const mostAtOnce = 10;
/** A process that ends in between leaves them hidden for so long. */
const heldSeconds = 60;
/** Whoever has more than that has another problem than these. */
const mostLetters = 20_000;

/** One dead letter; a crash while it was written may have left several copies. */
export interface Letter extends Pick<ReceivedMessage, "message" | "facts"> {
  readonly diedAt: number;
  readonly attempts: number;
  readonly reason: string;
  readonly receipts: readonly string[];
}

export class LetterBox {
  readonly #client: SQSClient;
  readonly #url: string;
  readonly #waitSeconds: number;

  /** `waitSeconds`: how long the queue may look for letters on all of its servers. */
  constructor(client: SQSClient, url: string, waitSeconds: number) {
    this.#client = client;
    this.#url = url;
    this.#waitSeconds = waitSeconds;
  }

  /** `use` is given all letters, oldest first, and is done with those that it throws away. */
  async open<T>(use: (letters: readonly Letter[]) => Promise<T>): Promise<T> {
    const taken = await this.#takeAll();
    try {
      return await use(toLetters(taken));
    } finally {
      await this.#putBack(taken.map(({ receipt }) => receipt));
    }
  }

  async throwAway(letters: readonly Letter[]): Promise<void> {
    for (const batch of inTens(letters.flatMap(({ receipts }) => receipts))) {
      const entries = batch.map((receipt, index) => ({ Id: String(index), ReceiptHandle: receipt }));
      const { Failed = [] } = await this.#client.send(
        new DeleteMessageBatchCommand({ QueueUrl: this.#url, Entries: entries }),
      );
      const [first] = Failed;
      if (first !== undefined)
        throw new Error(`SQS has not thrown away a dead letter: ${first.Code}: ${first.Message}`);
    }
  }

  async #takeAll(): Promise<ReceivedMessage[]> {
    const taken: ReceivedMessage[] = [];
    while (taken.length < mostLetters) {
      const { Messages = [] } = await this.#client.send(
        new ReceiveMessageCommand({
          QueueUrl: this.#url,
          MaxNumberOfMessages: mostAtOnce,
          WaitTimeSeconds: this.#waitSeconds,
          VisibilityTimeout: heldSeconds,
          MessageAttributeNames: ["All"],
          MessageSystemAttributeNames: ["All"],
        }),
      );
      if (Messages.length === 0) break;
      taken.push(...Messages.map(readReceived));
    }
    return taken;
  }

  /** Those that were thrown away meanwhile are no longer there to be put back. */
  async #putBack(receipts: readonly string[]): Promise<void> {
    for (const batch of inTens(receipts)) {
      const entries = batch.map((receipt, index) => ({
        Id: String(index),
        ReceiptHandle: receipt,
        VisibilityTimeout: 0,
      }));
      await this.#client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: this.#url, Entries: entries }));
    }
  }
}

/** Oldest first. */
function toLetters(taken: readonly ReceivedMessage[]): Letter[] {
  const letters = new Map<string, Letter>();
  for (const { message, facts, receives, sentAt, receipt } of taken) {
    // An id may be used again, but not at the same time.
    const key = `${message.publishedAt.getTime()} ${message.id}`;
    const same = letters.get(key);
    letters.set(key, {
      message,
      facts,
      diedAt: facts?.death?.at ?? sentAt,
      attempts: facts?.death?.attempts ?? receives - 1,
      reason: facts?.death?.reason ?? "SQS moved it here: it was given out as often as the redrive policy allows",
      ...same,
      receipts: [...(same?.receipts ?? []), receipt],
    });
  }
  return [...letters.values()].sort((a, b) => comparePlaces(placeOf(a), placeOf(b)));
}

/** Where a letter stands in the list. */
export interface LetterPlace {
  readonly diedAt: number;
  readonly id: string;
}

export function placeOf({ diedAt, message }: Letter): LetterPlace {
  return { diedAt, id: message.id };
}

export function comparePlaces(a: LetterPlace, b: LetterPlace): number {
  if (a.diedAt !== b.diedAt) return a.diedAt - b.diedAt;
  return a.id < b.id ? -1 : a.id === b.id ? 0 : 1;
}

export function inTens<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / mostAtOnce) }, (_, index) =>
    items.slice(index * mostAtOnce, (index + 1) * mostAtOnce),
  );
}
