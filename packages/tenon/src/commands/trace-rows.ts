// The spans of a trace in the order of a printed tree: parents before their children, siblings by start. Spans whose parent is not
// there (not arrived yet, forgotten, another system's) stand at the top.
import type { Span, Trace } from "@tenon/model";

export interface TraceRow {
  readonly span: Span;
  readonly parent: Span | null;
  readonly children: readonly Span[];
  /** One entry for each level below the top, the row's own last: is it the last of its siblings? */
  readonly lastOnLevel: readonly boolean[];
}

export function traceRows(trace: Trace): TraceRow[] {
  const spans = [...trace.spans].sort((left, right) => left.startedAt - right.startedAt);
  const known = new Map(spans.map((span) => [span.spanId, span]));
  const childrenOf = new Map<string, Span[]>();
  for (const span of spans) {
    if (span.parentSpanId === null) continue;
    const siblings = childrenOf.get(span.parentSpanId);
    if (siblings === undefined) childrenOf.set(span.parentSpanId, [span]);
    else siblings.push(span);
  }

  const rows: TraceRow[] = [];
  const placed = new Set<string>();
  // By a stack of our own: a trace may be deeper than the call stack.
  const walk = (top: Span): void => {
    const waiting: Omit<TraceRow, "children">[] = [{ span: top, parent: null, lastOnLevel: [] }];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { span, lastOnLevel } = next;
      if (placed.has(span.spanId)) continue;
      placed.add(span.spanId);
      const children = childrenOf.get(span.spanId) ?? [];
      rows.push({ ...next, children });
      for (let at = children.length - 1; at >= 0; at--) {
        const isLast = at === children.length - 1;
        waiting.push({ span: children[at] as Span, parent: span, lastOnLevel: [...lastOnLevel, isLast] });
      }
    }
  };
  for (const span of spans) if (span.parentSpanId === null || !known.has(span.parentSpanId)) walk(span);
  // What is left are spans that are each other's parents: a sender's mistake, but they are shown.
  for (const span of spans) if (!placed.has(span.spanId)) walk(span);
  return rows;
}
