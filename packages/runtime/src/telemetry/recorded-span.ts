// The recorder's span: plain fields that are filled in while it runs and read once it has ended. It can be read as a `Span` of the
// model; ids are words and texts are made only for who asks, because most spans leave the process without anybody asking.
import type { Attributes, AttributeValue, Span, SpanEvent, SpanKind, SpanLink, SpanStatus } from "@tenon/model";
import { describeException } from "./exception-event.ts";
import { spanIdText, type SpanWords, traceIdText, traceparentText } from "./hex-digits.ts";
import { randomWord, randomWordNotZero } from "./ids.ts";
import type { RecordingSpan, SpanContext } from "./span.ts";
import { type PublicRequest, publicRequestAttributes } from "./public-request.ts";
import type { SpanTemplate } from "./span-template.ts";
import { openSpans, spanEnded } from "./open-spans.ts";
import { offerSpan } from "./pipeline.ts";

/** A handler that logs in a loop must not grow its span without bound; 128 is OpenTelemetry's default. */
const MAX_EVENTS = 128;
/** As many: a batch of more messages names the publishers of the first ones. */
const MAX_LINKS = 128;
const NO_ATTRIBUTES: Attributes = Object.freeze({});
const NO_EVENTS: readonly SpanEvent[] = Object.freeze([]);
const NO_LINKS: readonly SpanLink[] = Object.freeze([]);

// hot: guarded by bench/spans
export class RecordedSpan implements RecordingSpan, Span, SpanWords {
  readonly template: SpanTemplate;
  readonly trace0: number;
  readonly trace1: number;
  readonly trace2: number;
  readonly trace3: number;
  readonly span0 = randomWordNotZero();
  readonly span1 = randomWord();
  /** Both 0 for a root: no id is all zero. */
  readonly parent0: number;
  readonly parent1: number;
  readonly sampled: boolean;
  readonly traceState: string | undefined;
  /** Epoch minus monotonic time; children in this process take it over. */
  readonly clockOffsetMs: number;
  readonly startedAt: number;
  durationMs = 0;
  status: SpanStatus = "unset";
  events: readonly SpanEvent[] = NO_EVENTS;
  links: readonly SpanLink[] = NO_LINKS;
  /** Of the gateway's span of a public request. */
  request: PublicRequest | null = null;
  /** What was set while it ran. */
  added: Record<string, AttributeValue> | null = null;
  private readonly startedAtMonotonicMs: number;
  private hasEnded = false;
  private droppedEvents = 0;

  constructor(
    template: SpanTemplate,
    trace0: number,
    trace1: number,
    trace2: number,
    trace3: number,
    parent0: number,
    parent1: number,
    sampled: boolean,
    traceState: string | undefined,
    clockOffsetMs: number,
    nowMs: number,
  ) {
    this.template = template;
    this.trace0 = trace0;
    this.trace1 = trace1;
    this.trace2 = trace2;
    this.trace3 = trace3;
    this.parent0 = parent0;
    this.parent1 = parent1;
    this.sampled = sampled;
    this.traceState = traceState;
    this.clockOffsetMs = clockOffsetMs;
    this.startedAtMonotonicMs = nowMs;
    this.startedAt = nowMs + clockOffsetMs;
    if (openSpans !== null) openSpans.add(this);
  }

  get traceId(): string {
    return traceIdText(this.trace0, this.trace1, this.trace2, this.trace3);
  }

  get spanId(): string {
    return spanIdText(this.span0, this.span1);
  }

  get parentSpanId(): string | null {
    return this.isRoot ? null : spanIdText(this.parent0, this.parent1);
  }

  get isRoot(): boolean {
    return this.parent0 === 0 && this.parent1 === 0;
  }

  /** The header for whoever is called within this span; also the value of `traceresponse`. */
  get traceparent(): string {
    return traceparentText(this);
  }

  get service(): string {
    return this.template.service;
  }

  get name(): string {
    return this.template.name;
  }

  get kind(): SpanKind {
    return this.template.kind;
  }

  /** All of them: a new object when the template's are not all there are. */
  get attributes(): Attributes {
    const { attributes } = this.template;
    if (this.added === null && this.request === null) return attributes;
    return { ...attributes, ...publicRequestAttributes(this.request), ...this.added };
  }

  set(key: string, value: AttributeValue): void {
    if (!this.sampled || this.hasEnded) return;
    this.added ??= {};
    this.added[key] = value;
  }

  event(name: string, attributes?: Attributes): void {
    if (!this.sampled || this.hasEnded) return;
    if (this.events.length >= MAX_EVENTS) this.droppedEvents++;
    else this.addEvent(name, attributes ?? NO_ATTRIBUTES);
  }

  link({ traceId, spanId }: Pick<SpanContext, "traceId" | "spanId">, attributes?: Attributes): void {
    if (!this.sampled || this.hasEnded || this.links.length >= MAX_LINKS) return;
    const link = { traceId, spanId, attributes: attributes ?? NO_ATTRIBUTES };
    if (this.links === NO_LINKS) this.links = [link];
    else (this.links as SpanLink[]).push(link);
  }

  fail(error?: unknown): void {
    if (!this.sampled || this.hasEnded) return;
    this.status = "error";
    if (error === undefined) return;
    // Beyond the bound too: the one event that nobody wants to miss.
    this.addEvent("exception", describeException(error));
  }

  end(): void {
    if (!this.hasEnded) this.endAt(this.sampled ? performance.now() : 0);
  }

  /** `nowMs`: `performance.now()`, for a caller that has just read it. */
  endAt(nowMs: number): void {
    if (this.hasEnded) return;
    if (this.droppedEvents > 0) this.set("tenon.dropped_events", this.droppedEvents);
    this.hasEnded = true;
    if (openSpans !== null) spanEnded(this);
    if (!this.sampled) return;
    // Whole nanoseconds: finer digits would only be noise in every stored line.
    this.durationMs = Math.round((nowMs - this.startedAtMonotonicMs) * 1e6) / 1e6;
    offerSpan(this);
  }

  private addEvent(name: string, attributes: Attributes): void {
    const event = { name, at: performance.now() + this.clockOffsetMs, attributes };
    if (this.events === NO_EVENTS) this.events = [event];
    else (this.events as SpanEvent[]).push(event);
  }
}
