// One span of the waterfall: its place in the tree, its duration, and its bar on the time axis.
import type { Span } from "@tenon/model";
import { type CSSProperties, type MouseEvent, memo } from "react";
import { useServiceNames } from "../shell/app-graph.tsx";
import { ChevronIcon } from "../shell/icons.tsx";
import { formatDuration } from "../text/duration.ts";
import { serviceColour } from "../text/service-colour.ts";
import { rowId } from "./row-id.ts";
import { SpanBar } from "./span-bar.tsx";
import { SpanIcon } from "./span-icon.tsx";
import { outcomeOf } from "./span-outcome.ts";
import { roleNames, roleOf } from "./span-role.ts";
import { SpanTitle } from "./span-title.tsx";
import type { SpanNode } from "./span-tree.ts";

interface WaterfallRowProps {
  readonly node: SpanNode;
  readonly traceStartedAt: number;
  readonly traceDurationMs: number;
  readonly isFolded: boolean;
  readonly isChosen: boolean;
  /** The one row that the Tab key reaches. */
  readonly isTabbable: boolean;
  readonly onChoose: (span: Span) => void;
  readonly onToggle: (spanId: string) => void;
}

export const WaterfallRow = memo(function WaterfallRow(props: WaterfallRowProps) {
  const { node, traceStartedAt, traceDurationMs, isFolded, isChosen, isTabbable, onChoose, onToggle } = props;
  const { span } = node;
  const role = roleOf(span);
  const canFold = node.children.length > 0;
  const colour = serviceColour(span.service, useServiceNames());
  const fold = (event: MouseEvent) => {
    if (!canFold) return;
    event.stopPropagation();
    onToggle(span.spanId);
  };
  return (
    <tr
      id={rowId(span.spanId)}
      className={`span-row ${role} ${outcomeOf(span)} ${isChosen ? "chosen" : ""}`}
      style={{ "--service": colour, "--depth": node.depth } as CSSProperties}
      tabIndex={isTabbable ? 0 : -1}
      aria-level={node.depth + 1}
      aria-expanded={canFold ? !isFolded : undefined}
      aria-selected={isChosen}
      onClick={() => onChoose(span)}
    >
      <td className="span-name">
        <span className={`fold ${canFold ? "" : "none"} ${isFolded ? "folded" : ""}`} aria-hidden="true" onClick={fold}>
          {canFold && <ChevronIcon />}
        </span>
        <span className="span-mark" title={roleNames[role]}>
          <SpanIcon role={role} />
          <span className="visually-hidden">{`${span.service}, ${roleNames[role]}: `}</span>
        </span>
        <SpanTitle node={node} isFolded={isFolded} />
      </td>
      <td className="span-duration number">{formatDuration(span.durationMs)}</td>
      <td className="span-bar">
        <SpanBar node={node} traceStartedAt={traceStartedAt} traceDurationMs={traceDurationMs} />
      </td>
    </tr>
  );
});
