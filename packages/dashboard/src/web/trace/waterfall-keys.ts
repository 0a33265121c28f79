// What a key does on a row of the waterfall, as the ARIA pattern for tree grids has it.
import type { Span } from "@tenon/model";
import type { SpanNode } from "./span-tree.ts";

export interface KeySituation {
  readonly rows: readonly SpanNode[];
  /** The row that has the focus. */
  readonly row: SpanNode;
  readonly folded: ReadonlySet<string>;
  readonly toggle: (spanId: string) => void;
  readonly moveTo: (node: SpanNode | undefined) => void;
  readonly onChoose: (span: Span | undefined) => void;
}

/** undefined: the key means nothing here. */
export function actionFor(key: string, situation: KeySituation): (() => void) | undefined {
  const { rows, row, folded, toggle, moveTo, onChoose } = situation;
  const { spanId, parentSpanId } = row.span;
  const canFold = row.children.length > 0;
  const isFolded = folded.has(spanId);
  switch (key) {
    case "ArrowDown":
    case "j":
      return () => moveTo(rows[rows.indexOf(row) + 1]);
    case "ArrowUp":
    case "k":
      return () => moveTo(rows[rows.indexOf(row) - 1]);
    case "Home":
      return () => moveTo(rows[0]);
    case "End":
      return () => moveTo(rows.at(-1));
    case "ArrowRight":
      return () => (canFold && isFolded ? toggle(spanId) : moveTo(row.children[0]));
    case "ArrowLeft":
      return () => {
        if (canFold && !isFolded) toggle(spanId);
        else moveTo(rows.find((other) => other.span.spanId === parentSpanId));
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
