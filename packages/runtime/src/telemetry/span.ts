// What a span is while it is being recorded. The recorder makes them; call path, data and logs only fill them in.
import type { AttributeValue, Attributes, SpanKind } from "@tenon/model";

/** What identifies a span to its children, in this process or another (W3C Trace Context). */
export interface SpanContext {
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits. */
  readonly spanId: string;
  readonly sampled: boolean;
  /** W3C `tracestate` as received, passed on untouched. */
  readonly traceState?: string | undefined;
}

export interface RecordingSpan extends SpanContext {
  set(key: string, value: AttributeValue): void;
  event(name: string, attributes?: Attributes): void;
  /** Says that another span led to this one without being its parent: the publisher of a message, say. */
  link(to: Pick<SpanContext, "traceId" | "spanId">, attributes?: Attributes): void;
  /**
   * Status `error` and an `exception` event (type, message, stack trace); the error itself goes nowhere else. Without an error the
   * status alone, for a failure that a span below tells the story of.
   */
  fail(error?: unknown): void;
  /** Ends the span now; later calls do nothing. */
  end(): void;
}

export interface SpanOptions {
  readonly name: string;
  readonly kind: SpanKind;
  /** Becomes `service.name`. */
  readonly service: string;
  /** Absent: the span starts a new trace. */
  readonly parent?: SpanContext | undefined;
  readonly attributes?: Attributes;
}
