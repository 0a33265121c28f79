// The spans of a trace as rows over one time axis. A tree grid: arrow keys move and fold, Enter shows a span's details.
import type { Span } from "@tenon/model";
import { type KeyboardEvent, useCallback, useMemo, useRef, useState } from "react";
import { type SpanNode, type SpanTree, visibleRows } from "./span-tree.ts";
import { axisTicks, tickLabel } from "./time-axis.ts";
import { WaterfallLegend } from "./waterfall-legend.tsx";
import { WaterfallRow } from "./waterfall-row.tsx";

interface WaterfallProps {
  readonly tree: SpanTree;
  /** The span whose details are shown. */
  readonly chosenId: string | undefined;
  readonly onChoose: (span: Span | undefined) => void;
}

const MOST_TICKS = 6;

export function Waterfall({ tree, chosenId, onChoose }: WaterfallProps) {
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(new Set());
  const rows = useMemo(() => visibleRows(tree.roots, collapsed), [tree, collapsed]);
  const [focusedId, setFocusedId] = useState<string>();
  const grid = useRef<HTMLTableElement>(null);
  const parents = useMemo(() => visibleRows(tree.roots, new Set()).filter((node) => node.children.length > 0), [tree]);
  const tabbableId =
    [focusedId, chosenId].find((id) => rows.some((row) => row.span.spanId === id)) ?? rows[0]?.span.spanId;

  const toggle = useCallback((spanId: string) => {
    setCollapsed((before) => {
      const after = new Set(before);
      if (!after.delete(spanId)) after.add(spanId);
      return after;
    });
  }, []);
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
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = rows.findIndex((row) => row.span.spanId === tabbableId);
    const row = rows[at];
    if (row === undefined) return;
    const action = actionFor(event.key, { rows, at, row, collapsed, toggle, moveTo, onChoose });
    if (action === undefined) return;
    event.preventDefault();
    action();
  };

  const ticks = axisTicks(tree.durationMs, MOST_TICKS);
  return (
    <section className="waterfall" aria-label="Spans">
      <div className="waterfall-tools">
        <WaterfallLegend />
        {parents.length > 0 && (
          <button
            type="button"
            className="quiet"
            onClick={() =>
              setCollapsed(collapsed.size > 0 ? new Set() : new Set(parents.map((node) => node.span.spanId)))
            }
          >
            {collapsed.size > 0 ? "Unfold all" : "Fold all"}
          </button>
        )}
      </div>
      <div className="waterfall-rows">
        <div className="gridlines" aria-hidden="true">
          {ticks.map((tick) => (
            <span key={tick} style={{ left: `${share(tick, tree.durationMs)}%` }} />
          ))}
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the ARIA pattern for tree grids is built on tables */}
        <table role="treegrid" aria-label="Spans of the trace" ref={grid} onKeyDown={onKeyDown}>
          <thead>
            <tr>
              <th scope="col">Span</th>
              <th scope="col" className="number">
                Duration
              </th>
              <th scope="col" className="axis">
                <span className="visually-hidden">Timeline</span>
                {ticks.map((tick) => (
                  <span
                    key={tick}
                    className={share(tick, tree.durationMs) > 92 ? "tick at-end" : "tick"}
                    style={{ left: `${share(tick, tree.durationMs)}%` }}
                    aria-hidden="true"
                  >
                    {tickLabel(tick)}
                  </span>
                ))}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((node) => (
              <WaterfallRow
                key={node.span.spanId}
                node={node}
                traceStartedAt={tree.startedAt}
                traceDurationMs={tree.durationMs}
                isCollapsed={collapsed.has(node.span.spanId)}
                isChosen={node.span.spanId === chosenId}
                isTabbable={node.span.spanId === tabbableId}
                onChoose={choose}
                onToggle={toggle}
              />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

export function rowId(spanId: string): string {
  return `span-${spanId}`;
}

function share(offsetMs: number, durationMs: number): number {
  return durationMs > 0 ? (offsetMs / durationMs) * 100 : 0;
}

interface KeySituation {
  readonly rows: readonly SpanNode[];
  readonly at: number;
  readonly row: SpanNode;
  readonly collapsed: ReadonlySet<string>;
  readonly toggle: (spanId: string) => void;
  readonly moveTo: (node: SpanNode | undefined) => void;
  readonly onChoose: (span: Span | undefined) => void;
}

/** What a key does on a row, as the ARIA pattern for tree grids has it; undefined: nothing. */
function actionFor(
  key: string,
  { rows, at, row, collapsed, toggle, moveTo, onChoose }: KeySituation,
): (() => void) | undefined {
  const canFold = row.children.length > 0;
  const isFolded = collapsed.has(row.span.spanId);
  switch (key) {
    case "ArrowDown":
    case "j":
      return () => moveTo(rows[at + 1]);
    case "ArrowUp":
    case "k":
      return () => moveTo(rows[at - 1]);
    case "Home":
      return () => moveTo(rows[0]);
    case "End":
      return () => moveTo(rows.at(-1));
    case "ArrowRight":
      return () => (canFold && isFolded ? toggle(row.span.spanId) : moveTo(row.children[0]));
    case "ArrowLeft":
      return () => {
        if (canFold && !isFolded) toggle(row.span.spanId);
        else moveTo(rows.find((other) => other.span.spanId === row.span.parentSpanId));
      };
    case "Enter":
    case " ":
      return () => onChoose(row.span);
    case "Escape":
      return () => onChoose(undefined);
    default:
      return undefined;
  }
}
