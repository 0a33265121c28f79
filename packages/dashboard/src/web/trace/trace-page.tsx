// One trace: what was asked, how it went, the waterfall, and beside it the details of the chosen span.
import type { Span, Trace } from "@tenon/model";
import { useCallback, useEffect, useMemo } from "react";
import { ApiFailure, fetchTrace } from "../server/api.ts";
import { useLiveEvent } from "../server/live-events.ts";
import { useFetched } from "../server/use-fetched.ts";
import { historyNote, replaceAddress, useAddress } from "../shell/address.ts";
import { BackIcon } from "../shell/icons.tsx";
import { Link } from "../shell/link.tsx";
import { rowId } from "./row-id.ts";
import { SpanDetails } from "./span-details.tsx";
import { buildSpanTree, visibleRows } from "./span-tree.ts";
import { TraceHead } from "./trace-head.tsx";
import { Waterfall } from "./waterfall.tsx";

export function TracePage({ traceId }: { readonly traceId: string }) {
  const trace = useFetched(traceId, (signal) => fetchTrace(traceId, signal));
  // Spans arrive for a while after the first: an event about this trace, or about no trace in particular, means look again.
  useLiveEvent("trace", (data) => {
    if (data === "" || data.includes(traceId)) trace.refresh();
  });
  const isUnknown = trace.failure instanceof ApiFailure && trace.failure.status === 404;
  return (
    <>
      <BackLink />
      {trace.failure !== undefined && (
        <p className="notice error" role="alert">
          {isUnknown
            ? `There is no trace ${traceId}. It may have made room for newer ones.`
            : `The trace could not be fetched: ${trace.failure.message}`}
        </p>
      )}
      {trace.value === undefined && trace.failure === undefined && (
        <p className="loading" role="status">
          Loading the trace
        </p>
      )}
      {trace.value !== undefined && <LoadedTrace trace={trace.value} />}
    </>
  );
}

function BackLink() {
  const goBack = () => {
    if (historyNote().fromList === true) window.history.back();
  };
  // Back, where the list is the entry before: its filters and the focused row come back with it.
  if (historyNote().fromList === true) {
    return (
      <button type="button" className="quiet back" onClick={goBack}>
        <BackIcon /> Traces
      </button>
    );
  }
  return (
    <Link href="/traces" className="back">
      <BackIcon /> Traces
    </Link>
  );
}

function LoadedTrace({ trace }: { readonly trace: Trace }) {
  const address = useAddress();
  const tree = useMemo(() => buildSpanTree(trace.spans), [trace]);
  const nodes = useMemo(
    () => new Map(visibleRows(tree.roots, new Set()).map((node) => [node.span.spanId, node])),
    [tree],
  );
  const chosenId = address.searchParams.get("span");
  const chosen = chosenId === null ? undefined : nodes.get(chosenId);
  const choose = useCallback(
    (span: Span | undefined) => {
      replaceAddress(`/traces/${trace.traceId}${span === undefined ? "" : `?span=${span.spanId}`}`);
    },
    [trace.traceId],
  );
  const chosenSpanId = chosen?.span.spanId;
  useEffect(() => {
    if (chosenSpanId !== undefined) document.getElementById(rowId(chosenSpanId))?.scrollIntoView({ block: "nearest" });
  }, [chosenSpanId]);
  useEffect(() => {
    const name = tree.roots[0]?.span.name ?? trace.traceId;
    document.title = `${name} · Tenon`;
  }, [tree, trace.traceId]);
  return (
    <>
      <TraceHead trace={trace} tree={tree} />
      <div className={`trace-body ${chosen === undefined ? "" : "with-details"}`}>
        <Waterfall tree={tree} chosenId={chosen?.span.spanId} onChoose={choose} />
        {chosen !== undefined && (
          <SpanDetails
            node={chosen}
            traceStartedAt={tree.startedAt}
            parent={chosen.span.parentSpanId === null ? undefined : nodes.get(chosen.span.parentSpanId)?.span}
            onChoose={choose}
          />
        )}
      </div>
    </>
  );
}
