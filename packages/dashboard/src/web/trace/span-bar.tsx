// A span's bar on the time axis: solid where the span itself worked, pale where it waited for the spans below it.
import type { SpanNode } from "./span-tree.ts";
import { percentOf } from "./waterfall-axis.tsx";

interface SpanBarProps {
  readonly node: SpanNode;
  readonly traceStartedAt: number;
  readonly traceDurationMs: number;
}

export function SpanBar({ node, traceStartedAt, traceDurationMs }: SpanBarProps) {
  const { startedAt, durationMs } = node.span;
  const left = percentOf(startedAt - traceStartedAt, traceDurationMs);
  return (
    <span
      className="bar"
      aria-hidden="true"
      style={{ left: `${left}%`, width: `${percentOf(durationMs, traceDurationMs)}%` }}
    >
      {node.selfPieces.map(([start, end]) => (
        <span
          key={start}
          className="own"
          style={{ left: `${percentOf(start, durationMs)}%`, width: `${percentOf(end - start, durationMs)}%` }}
        />
      ))}
    </span>
  );
}
