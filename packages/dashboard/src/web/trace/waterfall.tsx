// The spans of a trace as rows over one time axis. A tree grid: arrow keys move and fold, Enter shows a span's details.
import type { Span } from "@tenon/model";
import { type KeyboardEvent, useCallback, useState } from "react";
import { rowId } from "./row-id.ts";
import type { SpanNode, SpanTree } from "./span-tree.ts";
import { type Folding, useFolding } from "./use-folding.ts";
import { Gridlines, WaterfallHead } from "./waterfall-axis.tsx";
import { actionFor } from "./waterfall-keys.ts";
import { WaterfallLegend } from "./waterfall-legend.tsx";
import { WaterfallRow } from "./waterfall-row.tsx";

interface WaterfallProps {
  readonly tree: SpanTree;
  /** The span whose details are shown. */
  readonly chosenId: string | undefined;
  readonly onChoose: (span: Span | undefined) => void;
}

export function Waterfall(props: WaterfallProps) {
  const folding = useFolding(props.tree);
  return (
    <section className="waterfall" aria-label="Spans">
      <div className="waterfall-tools">
        <WaterfallLegend />
        {folding.canFold && (
          <button type="button" className="quiet" onClick={folding.toggleAll}>
            {folding.folded.size > 0 ? "Unfold all" : "Fold all"}
          </button>
        )}
      </div>
      <div className="waterfall-rows">
        <Gridlines durationMs={props.tree.durationMs} />
        <TreeGrid {...props} folding={folding} />
      </div>
    </section>
  );
}

function TreeGrid({ tree, chosenId, onChoose, folding }: WaterfallProps & { readonly folding: Folding }) {
  const { rows, folded, toggle } = folding;
  const [focusedId, setFocusedId] = useState<string>();
  const rowOf = (spanId: string | undefined) => rows.find((row) => row.span.spanId === spanId);
  const tabbable = rowOf(focusedId) ?? rowOf(chosenId) ?? rows[0];
  const choose = useCallback(
    (span: Span) => {
      setFocusedId(span.spanId);
      onChoose(span);
    },
    [onChoose],
  );
  const moveTo = (node: SpanNode | undefined) => {
    if (node === undefined) return;
    setFocusedId(node.span.spanId);
    document.getElementById(rowId(node.span.spanId))?.focus();
    // Details that are open follow the focus.
    if (chosenId !== undefined) onChoose(node.span);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (tabbable === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const action = actionFor(event.key, { rows, row: tabbable, folded, toggle, moveTo, onChoose });
    if (action === undefined) return;
    event.preventDefault();
    action();
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the ARIA pattern for tree grids is built on tables
    <table role="treegrid" aria-label="Spans of the trace" onKeyDown={onKeyDown}>
      <WaterfallHead durationMs={tree.durationMs} />
      <tbody>
        {rows.map((node) => (
          <WaterfallRow
            key={node.span.spanId}
            node={node}
            traceStartedAt={tree.startedAt}
            traceDurationMs={tree.durationMs}
            isFolded={folded.has(node.span.spanId)}
            isChosen={node.span.spanId === chosenId}
            isTabbable={node === tabbable}
            onChoose={choose}
            onToggle={toggle}
          />
        ))}
      </tbody>
    </table>
  );
}
