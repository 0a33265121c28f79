// The trace of a call that was just made, in a few lines. Spans arrive a moment after the answer.
import { useEffect, useMemo } from "react";
import type { Trace } from "@tenon/model";
import { fetchTrace, fetchTraces } from "../server/api.ts";
import { useLiveEvent } from "../server/live-events.ts";
import { useFetched } from "../server/use-fetched.ts";
import { Link } from "../shell/link.tsx";
import { ServiceChip } from "../shell/service-chip.tsx";
import { formatDuration } from "../text/duration.ts";
import { buildSpanTree, type SpanNode } from "../trace/span-tree.ts";

const mostRows = 12;
const retryMs = 400;
const newestTraces = 100;

export function CallTrace({ traceId }: { readonly traceId: string }) {
  const { value: trace, refresh } = useFetched(traceId, (signal) => findTrace(traceId, signal));
  useLiveEvent("trace", (data) => {
    if (data === "" || data.includes(traceId)) refresh();
  });
  const isMissing = trace === undefined;
  useEffect(() => {
    if (!isMissing) return;
    const timer = setInterval(refresh, retryMs);
    return () => clearInterval(timer);
  }, [isMissing, refresh]);
  const nodes = useMemo(() => (trace === undefined ? [] : flat(buildSpanTree(trace.spans).roots)), [trace]);
  return (
    <section className="call-trace" aria-label="Its trace">
      <div className="form-switch">
        <h3>Trace</h3>
        <Link href={`/traces/${traceId}`}>Open the trace</Link>
      </div>
      {trace === undefined && <p className="muted">Waiting for its spans.</p>}
      <ol>
        {nodes.slice(0, mostRows).map(({ span, depth }) => (
          <li key={span.spanId} className={span.status === "error" ? "failed" : undefined}>
            <span className="call-span" style={{ paddingLeft: `${Math.min(depth, 8) * 14}px` }}>
              <ServiceChip service={span.service} /> <span className="path">{span.name}</span>
            </span>
            <span className="number">{formatDuration(span.durationMs)}</span>
          </li>
        ))}
      </ol>
      {nodes.length > mostRows && <p className="muted">and {nodes.length - mostRows} more spans</p>}
    </section>
  );
}

/** By way of the list: asking for what is not there yet would be an error in the browser's console. */
async function findTrace(traceId: string, signal: AbortSignal): Promise<Trace | undefined> {
  const newest = await fetchTraces(`?limit=${newestTraces}`, signal);
  return newest.some((one) => one.traceId === traceId) ? await fetchTrace(traceId, signal) : undefined;
}

function flat(nodes: readonly SpanNode[]): SpanNode[] {
  return nodes.flatMap((node) => [node, ...flat(node.children)]);
}
