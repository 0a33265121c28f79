// A message as NSQ carries it: JSON with `id`, `attrs` and `body`, as Encore.ts has it there, and under `tenon` what else belongs to it. So
// messages that an app of Encore.ts left in the queues are read too.
import type { OutgoingMessage } from "@tenon/runtime/engine";

/** Times are epoch milliseconds. */
export interface Travel {
  readonly key: string | null;
  readonly trace: string;
  readonly publishedAt: number;
  /** When its retention began. */
  readonly since: number;
  /** Nobody is given it before. */
  readonly due?: number;
  /** The one channel that it is for: a copy that comes again. All channels of a topic get all that is published to it. */
  readonly only?: string;
  /** Attempts that those which the server counts do not know of. */
  readonly attempts?: number;
  /** Traceparent of a replay. */
  readonly replay?: string;
  /** Of a dead letter. */
  readonly reason?: string;
  readonly diedAt?: number;
}

export interface Enveloped {
  readonly id: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly travel: Travel;
  /** JSON text. */
  readonly payload: string;
}

export function envelopeOf(message: OutgoingMessage, publishedAt: number): Enveloped {
  const { id, payload, attributes, orderingKey, traceparent, deliverAt } = message;
  const due = deliverAt === null || deliverAt.getTime() <= publishedAt ? undefined : deliverAt.getTime();
  const delayed = due === undefined ? {} : { due };
  const travel = { key: orderingKey, trace: traceparent, publishedAt, since: due ?? publishedAt, ...delayed };
  return { id, attributes, travel, payload };
}

export function messageOf({
  id,
  attributes,
  travel,
  payload,
}: Enveloped): OutgoingMessage & { readonly publishedAt: Date } {
  return {
    id,
    payload,
    attributes,
    orderingKey: travel.key,
    traceparent: travel.trace,
    publishedAt: new Date(travel.publishedAt),
    deliverAt: null,
    mayBeRepeat: false,
  };
}

export function encode({ id, attributes, travel, payload }: Enveloped): Buffer {
  const head = JSON.stringify({ id, attrs: attributes, tenon: travel });
  return Buffer.from(`${head.slice(0, -1)},"body":${payload}}`);
}

/** undefined: it is nothing that either framework has written. `publishedAt`: by the server, for what does not say so itself. */
export function decode(data: Buffer, publishedAt: number): Enveloped | undefined {
  const content = parse(data.toString());
  if (!isObject(content)) return undefined;
  const { id, attrs, body, tenon } = content;
  if (typeof id !== "string" || !isTexts(attrs) || body === undefined) return undefined;
  const travel = tenon === undefined ? { key: null, trace: "", publishedAt, since: publishedAt } : readTravel(tenon);
  return travel && { id, attributes: attrs, travel, payload: JSON.stringify(body) };
}

function readTravel(value: unknown): Travel | undefined {
  if (!isObject(value)) return undefined;
  const { key, trace, publishedAt, since } = value;
  const isWhole =
    (key === null || typeof key === "string") &&
    typeof trace === "string" &&
    typeof publishedAt === "number" &&
    typeof since === "number";
  return isWhole ? (value as unknown as Travel) : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is Record<string, string> {
  return isObject(value) && Object.values(value).every((one) => typeof one === "string");
}
