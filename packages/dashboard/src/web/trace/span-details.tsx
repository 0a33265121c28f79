// Everything known about one span. A panel beside the waterfall, a sheet over its lower part on a narrow screen.
import type { Span } from "@tenon/model";
import { useEffect, useRef } from "react";
import { Fact } from "../shell/fact.tsx";
import { CloseIcon } from "../shell/icons.tsx";
import { ServiceChip } from "../shell/service-chip.tsx";
import { formatDuration } from "../text/duration.ts";
import { AttributesTable } from "./attributes-table.tsx";
import { EventList } from "./event-list.tsx";
import { Exceptions } from "./exceptions.tsx";
import { problemOf, text } from "./span-outcome.ts";
import { LinkList } from "./link-list.tsx";
import { SpanIcon } from "./span-icon.tsx";
import { roleNames, roleOf } from "./span-role.ts";
import type { SpanNode } from "./span-tree.ts";
import { Statement } from "./statement.tsx";

interface SpanDetailsProps {
  readonly node: SpanNode;
  readonly traceStartedAt: number;
  readonly parent: Span | undefined;
  readonly onChoose: (span: Span | undefined) => void;
}

export function SpanDetails({ node, traceStartedAt, parent, onChoose }: SpanDetailsProps) {
  const { span } = node;
  const role = roleOf(span);
  const sql = text(span.attributes, "db.query.text");
  const logs = span.events.filter((event) => event.name !== "exception");
  const panel = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another span starts at the top of the panel
  useEffect(() => {
    panel.current?.scrollTo(0, 0);
  }, [span.spanId]);
  useEffect(() => {
    const closeOnEscape = (event: KeyboardEvent) => {
      if (event.key === "Escape") onChoose(undefined);
    };
    window.addEventListener("keydown", closeOnEscape);
    return () => window.removeEventListener("keydown", closeOnEscape);
  }, [onChoose]);
  return (
    <aside className="details" aria-label="Span details" ref={panel}>
      <div className="details-head">
        <SpanIcon role={role} />
        <h2>{span.name}</h2>
        <button type="button" className="quiet close" onClick={() => onChoose(undefined)} title="Close (Escape)">
          <CloseIcon />
          <span className="visually-hidden">Close the details</span>
        </button>
      </div>
      <p className="details-role">
        <ServiceChip service={span.service} /> {roleNames[role]}
      </p>
      <dl className="facts">
        <Fact word="Duration">{formatDuration(span.durationMs)}</Fact>
        <Fact word="Own time">{formatDuration(node.selfMs)}</Fact>
        <Fact word="Starts at">+{formatDuration(span.startedAt - traceStartedAt)}</Fact>
      </dl>
      <Exceptions span={span} message={problemOf(span)} />
      {sql !== undefined && <Statement sql={sql} />}
      {logs.length > 0 && <EventList events={logs} spanStartedAt={span.startedAt} />}
      <AttributesTable attributes={span.attributes} without={sql === undefined ? [] : ["db.query.text"]} />
      {span.links !== undefined && <LinkList links={span.links} ownTraceId={span.traceId} />}
      <Identity span={span} parent={parent} onChoose={onChoose} />
    </aside>
  );
}

function Identity({ span, parent, onChoose }: Pick<SpanDetailsProps, "parent" | "onChoose"> & { readonly span: Span }) {
  return (
    <section>
      <h3>Span</h3>
      <table className="attributes">
        <tbody>
          <tr>
            <th scope="row">id</th>
            <td>{span.spanId}</td>
          </tr>
          <tr>
            <th scope="row">kind</th>
            <td>{span.kind}</td>
          </tr>
          <tr>
            <th scope="row">parent</th>
            <td>
              {parent !== undefined && (
                <button type="button" className="as-link" onClick={() => onChoose(parent)}>
                  {parent.name}
                </button>
              )}
              {parent === undefined &&
                (span.parentSpanId === null ? "none: it begins the trace" : `${span.parentSpanId}, not arrived`)}
            </td>
          </tr>
        </tbody>
      </table>
    </section>
  );
}
