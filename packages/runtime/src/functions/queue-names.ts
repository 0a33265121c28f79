// Which subscription a queue or topic of the platform brings messages for: TENON_QUEUES, a JSON object from the name or ARN of the queue to
// "topic/subscription". A function with one subscription needs none.

export class QueueUnknown extends Error {
  override readonly name = "QueueUnknown";
  readonly code = "queue_unknown";
}

export class QueueNames {
  private readonly names: ReadonlyMap<string, string>;
  private readonly subscriptions: readonly string[];

  /** `text`: of the variable. `subscriptions`: those of this function. Throws QueueUnknown. */
  constructor(text: string | undefined, subscriptions: readonly string[]) {
    this.subscriptions = subscriptions;
    this.names = new Map(Object.entries(parse(text)));
    for (const [queue, subscription] of this.names) {
      if (subscriptions.includes(subscription)) continue;
      const known = subscriptions.join(", ") || "none";
      throw new QueueUnknown(`TENON_QUEUES names "${subscription}" for ${queue}, and this function has ${known}`);
    }
  }

  /** Throws QueueUnknown. */
  subscriptionOf(arn: string): string {
    const named = this.names.get(arn) ?? this.names.get(lastPart(arn));
    if (named !== undefined) return named;
    const [only, ...others] = this.subscriptions;
    if (only !== undefined && others.length === 0 && this.names.size === 0) return only;
    const example = `{"${lastPart(arn)}": "topic/subscription"}`;
    throw new QueueUnknown(`messages of ${arn} are for no known subscription; say which in TENON_QUEUES: ${example}`);
  }
}

/** "arn:aws:sqs:eu-central-1:123:orders" -> "orders", ".../topics/orders" -> "orders". */
function lastPart(name: string): string {
  return /[^:/]*$/.exec(name)![0];
}

function parse(text: string | undefined): Record<string, string> {
  if (text === undefined || text === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    const isRight =
      typeof value === "object" && value !== null && Object.values(value).every((name) => typeof name === "string");
    if (isRight) return value as Record<string, string>;
  } catch {
    // Told below, as any other text that is no such object.
  }
  throw new QueueUnknown(`TENON_QUEUES must be a JSON object of texts, got ${text}`);
}
