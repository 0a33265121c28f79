// The traces as a table, one request a row; on a narrow screen each row becomes a card. Each row's link opens the trace.
import type { TraceSummary } from "@tenon/model";
import { memo, useEffect, useRef, useState } from "react";
import { historyNote, replaceAddress } from "../shell/address.ts";
import { ErrorIcon, PartialIcon } from "../shell/icons.tsx";
import { Link } from "../shell/link.tsx";
import { ServiceChip } from "../shell/service-chip.tsx";
import { formatDuration } from "../text/duration.ts";
import { formatAgo, formatMoment } from "../text/moment.ts";
import { moveWithKeys } from "./list-keys.ts";

export function TraceList({ traces }: { readonly traces: readonly TraceSummary[] }) {
  const body = useRef<HTMLTableSectionElement>(null);
  const now = useNow();
  const arrivals = useArrivals(traces);
  const longestMs = Math.max(...traces.map((trace) => trace.durationMs));
  useEffect(() => moveWithKeys(() => [...(body.current?.querySelectorAll<HTMLElement>("a.trace-link") ?? [])]), []);
  useEffect(() => {
    const opened = historyNote().openedTraceId;
    if (opened !== undefined) document.getElementById(`trace-${opened}`)?.querySelector("a")?.focus();
  }, []);
  return (
    <table className="traces">
      <caption className="visually-hidden">Traces, newest first</caption>
      <thead>
        <tr>
          <th scope="col">Request</th>
          <th scope="col">Endpoint</th>
          <th scope="col">Services</th>
          <th scope="col" className="number">
            Spans
          </th>
          <th scope="col" title="The bars are logarithmic">
            Duration
          </th>
          <th scope="col" className="number">
            Started
          </th>
        </tr>
      </thead>
      <tbody ref={body}>
        {traces.map((trace) => (
          <TraceRow
            key={trace.traceId}
            trace={trace}
            ago={formatAgo(trace.startedAt, now)}
            share={logShare(trace.durationMs, longestMs)}
            isNew={arrivals.has(trace.traceId)}
          />
        ))}
      </tbody>
    </table>
  );
}

interface TraceRowProps {
  readonly trace: TraceSummary;
  readonly ago: string;
  /** Length of the duration's bar, 0 to 1. */
  readonly share: number;
  readonly isNew: boolean;
}

const TraceRow = memo(function TraceRow({ trace, ago, share, isNew }: TraceRowProps) {
  const { root } = trace;
  const endpoint = [root.service, root.endpoint].filter((name) => name !== "").join(".");
  const failed = trace.status === "error";
  return (
    <tr id={`trace-${trace.traceId}`} className={`${failed ? "failed" : ""} ${isNew ? "new" : ""}`}>
      <td className="trace-request">
        <RequestLink trace={trace} endpoint={endpoint} />
      </td>
      <td className="trace-endpoint">{root.path === "" ? "" : endpoint}</td>
      <td className="trace-services">
        {trace.services
          .filter((service) => service !== "gateway")
          .map((service) => (
            <ServiceChip key={service} service={service} />
          ))}
      </td>
      <td className="trace-spans number">
        {trace.spans}
        <span className="unit"> {trace.spans === 1 ? "span" : "spans"}</span>
      </td>
      <td className="trace-duration">
        <span className="duration-text">{formatDuration(trace.durationMs)}</span>
        <span className="duration-track" aria-hidden="true">
          <span style={{ width: `${Math.max(share * 100, 1)}%` }} />
        </span>
      </td>
      <td className="trace-started number">
        <time dateTime={new Date(trace.startedAt).toISOString()} title={formatMoment(trace.startedAt)}>
          {ago}
        </time>
      </td>
    </tr>
  );
});

function RequestLink({ trace, endpoint }: { readonly trace: TraceSummary; readonly endpoint: string }) {
  const { root, status } = trace;
  const remember = () =>
    replaceAddress(window.location.pathname + window.location.search, { openedTraceId: trace.traceId });
  return (
    <>
      <Link className="trace-link" href={`/traces/${trace.traceId}`} note={{ fromList: true }} onFollow={remember}>
        {root.method !== "" && <span className="method">{root.method}</span>}{" "}
        <span className="path">{root.path === "" ? endpoint : root.path}</span>
      </Link>
      {status === "unset" && (
        <span
          className="partial-mark"
          title="The first span has not arrived: the request still runs, or its end was lost"
        >
          <PartialIcon /> partial
        </span>
      )}
      {status === "error" && (
        <span className="failed-mark">
          <ErrorIcon /> failed
        </span>
      )}
    </>
  );
}

/** Logarithmic, from a tenth of a millisecond: requests of one list often differ by three powers of ten. */
function logShare(durationMs: number, longestMs: number): number {
  return longestMs > 0 ? Math.log1p(durationMs * 10) / Math.log1p(longestMs * 10) : 0;
}

/** The current time, once a second while the page is visible. */
function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) setNow(Date.now());
    }, 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** Ids of the traces that came after the list was first shown. */
function useArrivals(traces: readonly TraceSummary[]): ReadonlySet<string> {
  const [first] = useState(() => new Set(traces.map((trace) => trace.traceId)));
  return new Set(traces.filter((trace) => !first.has(trace.traceId)).map((trace) => trace.traceId));
}
