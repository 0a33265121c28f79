// Takes handled messages out of their queue, ten with a request where so many are done at about the same time.
import { DeleteMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";

const mostEntries = 10;

interface Waiting {
  readonly receipt: string;
  settle(isOurs: boolean): void;
  fail(error: Error): void;
}

/** What SQS says of a receipt that is none any more. */
const staleCodes = /ReceiptHandleIsInvalid|InvalidParameterValue/;

export class Deletions {
  readonly #client: SQSClient;
  readonly #url: string;
  readonly #waitMs: number;
  #waiting: Waiting[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** `waitMs`: for others to go with the first. */
  constructor(client: SQSClient, url: string, waitMs: number) {
    this.#client = client;
    this.#url = url;
    this.#waitMs = waitMs;
  }

  /** Whether the message was still ours. Rejects where nobody knows. */
  add(receipt: string): Promise<boolean> {
    return new Promise((settle, fail) => {
      this.#waiting.push({ receipt, settle, fail });
      if (this.#waiting.length === mostEntries) this.#flush();
      else this.#timer ??= setTimeout(() => this.#flush(), this.#waitMs);
    });
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const batch = this.#waiting;
    this.#waiting = [];
    this.#remove(batch).catch((error: Error) => {
      for (const { fail } of batch) fail(error);
    });
  }

  async #remove(batch: readonly Waiting[]): Promise<void> {
    const entries = batch.map(({ receipt }, index) => ({ Id: String(index), ReceiptHandle: receipt }));
    const { Failed = [] } = await this.#client.send(
      new DeleteMessageBatchCommand({ QueueUrl: this.#url, Entries: entries }),
    );
    const failures = new Map(Failed.map((failure) => [failure.Id, failure]));
    for (const [index, { settle, fail }] of batch.entries()) {
      const failure = failures.get(String(index));
      if (failure === undefined) settle(true);
      else if (staleCodes.test(failure.Code ?? "")) settle(false);
      else fail(new Error(`SQS has not taken a message out of its queue: ${failure.Code}: ${failure.Message}`));
    }
  }
}
