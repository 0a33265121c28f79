// Gives a batch of rows to the broker: per topic in one go, and where that fails in halves, until it is clear which messages it does not
// take. Rows behind one that was refused and has the same ordering key wait.
import { startTemplateSpan } from "../../telemetry/recorder.ts";
import type { SpanTemplate } from "../../telemetry/span-template.ts";
import { parseTraceparent } from "../../telemetry/trace-context.ts";
import type { Broker, OutgoingMessage } from "../broker.ts";
import { isNameBased } from "../name-based-id.ts";
import { remembersIds } from "../remembers-ids.ts";
import type { OutboxRow } from "./outbox-store.ts";

export interface RoundOutcome {
  readonly accepted: readonly OutboxRow[];
  readonly refused: readonly { readonly row: OutboxRow; readonly error: Error }[];
}

/** A broker that has taken nothing for so long is away: the rest of the round is not tried. */
const patienceMs = 1_000;

export class SendRound {
  readonly #broker: Broker;
  readonly #spans: (topic: string) => SpanTemplate;
  readonly #startedAtMs = performance.now();
  readonly #accepted: OutboxRow[] = [];
  readonly #refused: { row: OutboxRow; error: Error }[] = [];
  #hasFailed = false;
  /** "topic\nkey" of what was refused. */
  readonly #held = new Set<string>();

  /** `spans`: of messages that leave for a topic. */
  constructor(broker: Broker, spans: (topic: string) => SpanTemplate) {
    this.#broker = broker;
    this.#spans = spans;
  }

  /** Never rejects. `isCautious`: the broker took nothing last time, so the first goes alone. */
  async send(rows: readonly OutboxRow[], isCautious: boolean): Promise<RoundOutcome> {
    const alone = isCautious ? rows.slice(0, 1) : [];
    for (const row of alone) await this.#sendGroup(row.topic, alone);
    await this.#sendAll(rows.slice(alone.length));
    return { accepted: this.#accepted, refused: this.#refused };
  }

  async #sendAll(rows: readonly OutboxRow[]): Promise<void> {
    const byTopic = new Map<string, OutboxRow[]>();
    for (const row of rows) byTopic.set(row.topic, [...(byTopic.get(row.topic) ?? []), row]);
    for (const [topic, group] of byTopic) await this.#sendGroup(topic, group);
  }

  async #sendGroup(topic: string, group: readonly OutboxRow[]): Promise<void> {
    const rows = group.filter((row) => !this.#held.has(keyOf(row)));
    if (rows.length === 0 || this.#isHopeless()) return;
    const startedAtMs = performance.now();
    try {
      await this.#broker.publish(topic, this.#toPublish(topic, rows));
    } catch (error) {
      this.#hasFailed = true;
      return this.#sendLess(topic, rows, error as Error);
    }
    this.#accepted.push(...rows);
    for (const row of rows) this.#trace(row, startedAtMs);
  }

  #toPublish(topic: string, rows: readonly OutboxRow[]): OutgoingMessage[] {
    const messages = withoutRepeats(rows);
    if (remembersIds(this.#broker, topic)) return messages;
    // That a message leaves twice after a crash is all that can be had then; one with a key of the publisher's is refused.
    return messages.map((message) => ({ ...message, mayBeRepeat: isNameBased(message.id) }));
  }

  async #sendLess(topic: string, rows: readonly OutboxRow[], error: Error): Promise<void> {
    const [first, ...others] = rows;
    if (others.length === 0) {
      this.#refused.push({ row: first!, error });
      if (first!.message.orderingKey !== null) this.#held.add(keyOf(first!));
      return;
    }
    const middle = Math.ceil(rows.length / 2);
    await this.#sendGroup(topic, rows.slice(0, middle));
    await this.#sendGroup(topic, rows.slice(middle));
  }

  #isHopeless(): boolean {
    return this.#hasFailed && this.#accepted.length === 0 && performance.now() - this.#startedAtMs > patienceMs;
  }

  /** In the publisher's trace: how long the message took from the transaction to the broker is seen there. */
  #trace({ topic, message }: OutboxRow, startedAtMs: number): void {
    const parent = parseTraceparent(message.traceparent);
    if (parent === undefined || !parent.sampled) return;
    const span = startTemplateSpan(this.#spans(topic), parent, startedAtMs);
    span.set("messaging.message.id", message.id);
    span.end();
  }
}

/** Two transactions may have published with one dedupKey: engines remember what was accepted, and not what is about to be. */
function withoutRepeats(rows: readonly OutboxRow[]): OutgoingMessage[] {
  const byId = new Map<string, OutgoingMessage>();
  for (const { message } of rows) if (!byId.has(message.id)) byId.set(message.id, message);
  return [...byId.values()];
}

/** Rows without an ordering key hold back nobody. */
function keyOf({ topic, place, message: { orderingKey } }: OutboxRow): string {
  return orderingKey === null ? place : `${topic}\n${orderingKey}`;
}
