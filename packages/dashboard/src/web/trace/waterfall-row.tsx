// One span of the waterfall: its place in the tree, its duration, and its bar on the time axis.
import type { Span } from "@tenon/model";
import { type CSSProperties, memo } from "react";
import { useServiceNames } from "../shell/app-graph.tsx";
import { ChevronIcon, ErrorIcon, PartialIcon } from "../shell/icons.tsx";
import { formatDuration } from "../text/duration.ts";
import { serviceColour } from "../text/service-colour.ts";
import { SpanIcon } from "./span-icon.tsx";
import { outcomeOf } from "./span-outcome.ts";
import { roleNames, roleOf } from "./span-role.ts";
import type { SpanNode } from "./span-tree.ts";
import { rowId } from "./waterfall.tsx";

interface WaterfallRowProps {
  readonly node: SpanNode;
  readonly traceStartedAt: number;
  readonly traceDurationMs: number;
  readonly isCollapsed: boolean;
  readonly isChosen: boolean;
  /** The one row that the Tab key reaches. */
  readonly isTabbable: boolean;
  readonly onChoose: (span: Span) => void;
  readonly onToggle: (spanId: string) => void;
}

export const WaterfallRow = memo(function WaterfallRow(props: WaterfallRowProps) {
  const { node, isCollapsed, isChosen, isTabbable, onChoose, onToggle } = props;
  const { span } = node;
  const role = roleOf(span);
  const outcome = outcomeOf(span);
  const canFold = node.children.length > 0;
  const colour = serviceColour(span.service, useServiceNames());
  return (
    <tr
      id={rowId(span.spanId)}
      className={`span-row ${role} ${outcome} ${isChosen ? "chosen" : ""}`}
      style={{ "--service": colour, "--depth": node.depth } as CSSProperties}
      tabIndex={isTabbable ? 0 : -1}
      aria-level={node.depth + 1}
      aria-expanded={canFold ? !isCollapsed : undefined}
      aria-selected={isChosen}
      onClick={() => onChoose(span)}
    >
      <td className="span-name">
        <span
          className={`fold ${canFold ? "" : "none"} ${isCollapsed ? "folded" : ""}`}
          aria-hidden="true"
          onClick={(event) => {
            if (!canFold) return;
            event.stopPropagation();
            onToggle(span.spanId);
          }}
        >
          {canFold && <ChevronIcon />}
        </span>
        <span className="span-mark" title={roleNames[role]}>
          <SpanIcon role={role} />
          <span className="visually-hidden">{`${span.service}, ${roleNames[role]}: `}</span>
        </span>
        <span className="span-title">
          {node.missingParent && (
            <span className="partial-mark" title="Its parent has not arrived">
              <PartialIcon />
              <span className="visually-hidden">partial: its parent has not arrived. </span>
            </span>
          )}
          <span className="span-label">{span.name}</span>
          {isCollapsed && <span className="folded-count">+{node.descendants}</span>}
          {outcome !== "succeeded" && (
            <span className={`${outcome}-mark`}>
              <ErrorIcon />
              <span className="visually-hidden">{outcome}</span>
            </span>
          )}
        </span>
        {node.problemOrigin !== undefined && (
          <span className="problem-line" title={node.problemOrigin}>
            {node.problemOrigin}
          </span>
        )}
      </td>
      <td className="span-duration number">{formatDuration(span.durationMs)}</td>
      <td className="span-bar">
        <Bar {...props} />
      </td>
    </tr>
  );
});

function Bar({ node, traceStartedAt, traceDurationMs }: WaterfallRowProps) {
  const { span } = node;
  const percent = (durationMs: number) => (traceDurationMs > 0 ? (durationMs / traceDurationMs) * 100 : 0);
  const inBar = (durationMs: number) => (span.durationMs > 0 ? (durationMs / span.durationMs) * 100 : 0);
  return (
    <span
      className="bar"
      aria-hidden="true"
      style={{ left: `${percent(span.startedAt - traceStartedAt)}%`, width: `${percent(span.durationMs)}%` }}
    >
      {node.selfPieces.map(([start, end]) => (
        <span key={start} className="own" style={{ left: `${inBar(start)}%`, width: `${inBar(end - start)}%` }} />
      ))}
    </span>
  );
}
