// One subscription's queue, and the one for its dead letters: the few things that are said to them.
import { ChangeMessageVisibilityCommand, SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { randomUUID } from "node:crypto";
import { attributeValues, type CarriedMessage } from "./carried-message.ts";
import { isFifo } from "./config.ts";
import { Deletions } from "./deletions.ts";

/** What SQS says where a message is not given out any more, or to somebody else. */
const lostNames = /MessageNotInflight|ReceiptHandleIsInvalid|InvalidParameterValue/;
/** In a FIFO queue the next message of a key waits for it. */
const deletionWaitMs = 5;

export class SubscribedQueue {
  readonly client: SQSClient;
  readonly url: string;
  readonly deadLetterUrl: string;
  readonly deletions: Deletions;

  constructor(client: SQSClient, url: string, deadLetterUrl: string) {
    this.client = client;
    this.url = url;
    this.deadLetterUrl = deadLetterUrl;
    this.deletions = new Deletions(client, url, isFifo(url) ? 0 : deletionWaitMs);
  }

  /** Nobody is given it for so long from now on. Whether it was still given out under this receipt. */
  async hide(receipt: string, seconds: number): Promise<boolean> {
    try {
      await this.client.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: this.url,
          ReceiptHandle: receipt,
          VisibilityTimeout: seconds,
        }),
      );
      return true;
    } catch (error) {
      if (lostNames.test((error as Error).name)) return false;
      throw error;
    }
  }

  /** Behind all that waits. */
  async send(message: CarriedMessage): Promise<void> {
    await this.client.send(new SendMessageCommand(sendRequest(this.url, message)));
  }

  async sendLetter(letter: CarriedMessage): Promise<void> {
    // Letters wait for no others, whatever their keys.
    await this.client.send(new SendMessageCommand(sendRequest(this.deadLetterUrl, { ...letter, group: randomUUID() })));
  }
}

function sendRequest(url: string, message: CarriedMessage) {
  return {
    QueueUrl: url,
    MessageBody: message.body,
    MessageAttributes: attributeValues(message),
    ...(isFifo(url) ? { MessageGroupId: message.group, MessageDeduplicationId: randomUUID() } : {}),
  };
}
