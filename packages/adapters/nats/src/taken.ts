// A message that a consumer of JetStream has given to this process, and what can be said to the server about it. Each word is answered by
// the server, so that one knows it has been heard.
import type { Msg } from "@nats-io/transport-node";
import type { Link } from "./link.ts";

export class Taken {
  readonly subject: string;
  readonly data: Uint8Array;
  /** In its stream. */
  readonly seq: number;
  /** How often it was delivered; 1 for the first time. */
  readonly deliveries: number;
  readonly #reply: string;
  readonly #link: Link;
  /** By performance.now(), which no correction of a clock moves. */
  #prolongedAt = performance.now();

  constructor(message: Msg, link: Link) {
    this.subject = message.subject;
    this.data = message.data;
    this.#reply = message.reply ?? "";
    this.#link = link;
    const { deliveries, seq } = readReply(this.#reply);
    this.seq = seq;
    this.deliveries = deliveries;
  }

  /** Milliseconds since the consumer's ack wait began for it, or began anew. */
  get ageMs(): number {
    return performance.now() - this.#prolongedAt;
  }

  /** Done with. */
  async acknowledge(): Promise<void> {
    await this.#link.request(this.#reply, "+ACK");
  }

  /** To be delivered again, after `delayMs` at the earliest. */
  async refuse(delayMs = 0): Promise<void> {
    const word = delayMs === 0 ? "-NAK" : `-NAK ${JSON.stringify({ delay: Math.ceil(delayMs) * 1_000_000 })}`;
    await this.#link.request(this.#reply, word);
  }

  /** As `refuse`, without waiting: where nothing can be done about a failure, which the end of its time makes good. */
  drop(): void {
    if (!this.#link.connection.isClosed()) this.#link.connection.publish(this.#reply, "-NAK");
  }

  /** The consumer's ack wait begins anew. */
  async prolong(): Promise<void> {
    const saidAt = performance.now();
    await this.#link.request(this.#reply, "+WPI");
    this.#prolongedAt = saidAt;
  }
}

/**
 * $JS.ACK.<stream>.<consumer>.<deliveries>.<stream sequence>.<consumer sequence>.<time>.<pending>, with <domain>.<account> before the
 * stream in newer servers.
 */
function readReply(reply: string): { deliveries: number; seq: number } {
  const tokens = reply.split(".");
  const at = tokens.length === 9 ? 4 : 6;
  return { deliveries: Number(tokens[at]), seq: Number(tokens[at + 1]) };
}
