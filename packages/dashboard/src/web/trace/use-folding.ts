// Which spans of the waterfall are folded, and the rows that leaves.
import { useCallback, useMemo, useState } from "react";
import { type SpanNode, type SpanTree, visibleRows } from "./span-tree.ts";

export interface Folding {
  readonly rows: readonly SpanNode[];
  readonly folded: ReadonlySet<string>;
  /** Some span has others below it. */
  readonly canFold: boolean;
  readonly toggle: (spanId: string) => void;
  /** Unfolds everything, or folds it where nothing was folded. */
  readonly toggleAll: () => void;
}

const nothing: ReadonlySet<string> = new Set();

export function useFolding(tree: SpanTree): Folding {
  const [folded, setFolded] = useState(nothing);
  const rows = useMemo(() => visibleRows(tree.roots, folded), [tree, folded]);
  const parents = useMemo(
    () => visibleRows(tree.roots, nothing).flatMap((node) => (node.children.length > 0 ? [node.span.spanId] : [])),
    [tree],
  );
  const toggle = useCallback((spanId: string) => {
    setFolded((before) => {
      const after = new Set(before);
      if (!after.delete(spanId)) after.add(spanId);
      return after;
    });
  }, []);
  const toggleAll = useCallback(() => setFolded((before) => (before.size > 0 ? nothing : new Set(parents))), [parents]);
  return { rows, folded, canFold: parents.length > 0, toggle, toggleAll };
}
