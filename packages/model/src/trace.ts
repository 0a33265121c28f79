// The shape of traces as the dashboard's API gives them (INTERFACES.md). Ids are W3C hex, times epoch milliseconds with fractions,
// attribute names OpenTelemetry's semantic conventions.

export type SpanKind = "internal" | "server" | "client" | "producer" | "consumer";
export type SpanStatus = "unset" | "ok" | "error";
export type AttributeValue = string | number | boolean | readonly string[] | readonly number[] | readonly boolean[];
export type Attributes = Readonly<Record<string, AttributeValue>>;

export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  /** null for a root. */
  readonly parentSpanId: string | null;
  /** `service.name`; "gateway" for the gateway. */
  readonly service: string;
  readonly name: string;
  readonly kind: SpanKind;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly status: SpanStatus;
  readonly attributes: Attributes;
  readonly events: readonly SpanEvent[];
  /** Spans that led to this one without being its parent, of this trace or another; absent: none. */
  readonly links?: readonly SpanLink[];
}

export interface SpanEvent {
  readonly name: string;
  readonly at: number;
  readonly attributes: Attributes;
}

export interface SpanLink {
  readonly traceId: string;
  readonly spanId: string;
  readonly attributes: Attributes;
}

export interface TraceSummary {
  readonly traceId: string;
  readonly root: {
    readonly service: string;
    readonly endpoint: string;
    readonly method: string;
    readonly path: string;
  };
  readonly startedAt: number;
  readonly durationMs: number;
  readonly status: SpanStatus;
  /** How many. */
  readonly spans: number;
  /** Names, sorted. */
  readonly services: readonly string[];
}

export interface Trace {
  readonly traceId: string;
  readonly spans: readonly Span[];
}
