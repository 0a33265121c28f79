// The topics of the tests' dashboard: what waits in them, and dead letters that can be replayed and thrown away.
import type { IncomingMessage } from "node:http";
import type { DeadLetter, Topic } from "@tenon/model";

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export interface SampleRequest {
  readonly action: string;
  readonly topic: string;
  readonly subscription: string;
  readonly body: unknown;
}

export class SampleTopics {
  /** By "topic/subscription". */
  readonly letters = new Map<string, DeadLetter[]>();
  /** What pages have asked to be done. */
  readonly requests: SampleRequest[] = [];
  /** Instead of any answer. */
  failure: string | undefined;
  readonly #topics: readonly Topic[];

  constructor(topics: readonly Topic[]) {
    this.#topics = topics;
    for (const { name, subscriptions } of topics)
      for (const one of subscriptions) this.letters.set(`${name}/${one.name}`, []);
  }

  async answer(request: IncomingMessage, url: URL): Promise<Answer> {
    if (this.failure !== undefined) return { status: 503, body: { code: "unavailable", message: this.failure } };
    if (url.pathname === "/api/topics") return { status: 200, body: { topics: this.#listed() } };
    const [topic = "", subscription = "", action = ""] = url.pathname
      .slice("/api/topics/".length)
      .split("/")
      .map(decodeURIComponent);
    const letters = this.letters.get(`${topic}/${subscription}`);
    if (letters === undefined) return { status: 404, body: { code: "not_found", message: "there is none" } };
    if (action === "dead-letters") return { status: 200, body: pageOf(letters, Number(url.searchParams.get("limit"))) };
    let text = "";
    for await (const piece of request.setEncoding("utf8")) text += piece;
    const body = JSON.parse(text) as { messageIds?: readonly string[] };
    this.requests.push({ action, topic, subscription, body });
    const isMeant = ({ messageId }: DeadLetter) => body.messageIds === undefined || body.messageIds.includes(messageId);
    const count = letters.filter(isMeant).length;
    this.letters.set(
      `${topic}/${subscription}`,
      letters.filter((letter) => !isMeant(letter)),
    );
    const answer = action === "replay" ? { replayed: count, traceId: "4".padStart(32, "0") } : { discarded: count };
    return { status: 200, body: answer };
  }

  #listed() {
    return this.#topics.map(({ name, deliveryGuarantee, orderingAttribute, publishers, subscriptions }) => ({
      name,
      deliveryGuarantee,
      ...(orderingAttribute === undefined ? {} : { orderingAttribute }),
      publishers,
      publishedPerMinute: publishers.length * 1_240,
      subscriptions: subscriptions.map((one, place) => ({
        name: one.name,
        service: one.service,
        backlog: place * 1_312,
        oldestAgeMs: place === 0 ? null : 4_210_000,
        deadLetters: this.letters.get(`${name}/${one.name}`)?.length ?? 0,
        handledPerMinute: 1_239,
        failedPerMinute: place * 7,
      })),
    }));
  }
}

function pageOf(letters: readonly DeadLetter[], limit: number) {
  const deadLetters = letters.slice(0, limit);
  return { deadLetters, next: letters.length > limit ? (deadLetters.at(-1)?.position ?? null) : null };
}

/** `count` letters, the first the oldest. */
export function sampleLetters(count: number, diedAt: number): DeadLetter[] {
  return Array.from({ length: count }, (_, index) => ({
    messageId: `0192f3a4-7c1e-7000-8000-${String(index).padStart(12, "0")}`,
    message: {
      orderId: `o-${1000 + index}`,
      email: `customer-${index}@example.com`,
      total: 4_990,
      lines: ["mug", "plate"],
    },
    attributes: { customer: `c-${index % 3}` },
    orderingKey: index % 2 === 0 ? `c-${index % 3}` : null,
    reason: reasons[index % reasons.length]!,
    attempts: 1 + ((index * 3) % 8),
    publishedAt: new Date(diedAt + index * 1_000 - 60_000).toISOString(),
    diedAt: new Date(diedAt + index * 1_000).toISOString(),
    traceId: String(4).padStart(32, "0"),
    position: String(index),
  }));
}

const reasons = [
  "Error: the mail server refused the address: 550 5.1.1 no such user here, and it will not take any other mail from us today",
  "it does not match its type: total must be a number, got a string",
  "TypeError: Cannot read properties of undefined (reading 'lines')\n    at sendMail (mail/mail.ts:31:18)\n    at deliver (mail/mail.ts:12:9)",
];
