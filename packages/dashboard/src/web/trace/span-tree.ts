// Turns the spans of a trace, which come in any order and not always complete, into a tree with each span's own time. Nothing is
// dropped: a span whose parent is missing (or that is part of a broken cycle) becomes a root marked as partial.
import type { Span } from "@tenon/model";
import { outcomeOf, problemOf } from "./span-outcome.ts";

export interface SpanNode {
  readonly span: Span;
  readonly children: readonly SpanNode[];
  readonly depth: number;
  /** The parent is not (yet) among the spans. */
  readonly missingParent: boolean;
  /** Time in which no child ran. */
  readonly selfMs: number;
  /** The pieces of that time, as [start, end] in milliseconds since the span's start. */
  readonly selfPieces: readonly (readonly [number, number])[];
  /** What went wrong, on the span where it began, not on those that only passed it on. */
  readonly problemOrigin: string | undefined;
  readonly descendants: number;
}

export interface SpanTree {
  readonly roots: readonly SpanNode[];
  /** Of the earliest span. */
  readonly startedAt: number;
  /** From the earliest start to the latest end. */
  readonly durationMs: number;
  readonly missingParents: number;
}

export function buildSpanTree(spans: readonly Span[]): SpanTree {
  const byId = new Map<string, Span>();
  for (const span of spans) if (!byId.has(span.spanId)) byId.set(span.spanId, span);
  const childrenOf = new Map<string, Span[]>();
  const tops: Span[] = [];
  for (const span of byId.values()) {
    if (span.parentSpanId === null || !byId.has(span.parentSpanId)) tops.push(span);
    else push(childrenOf, span.parentSpanId, span);
  }
  const seen = new Set<string>();
  const roots = inOrder(tops).map((span) => nodeFor(span, 0, childrenOf, seen));
  for (const span of inOrder([...byId.values()])) {
    if (!seen.has(span.spanId)) roots.push(nodeFor(span, 0, childrenOf, seen));
  }
  const startedAt = Math.min(...spans.map((span) => span.startedAt));
  const endedAt = Math.max(...spans.map((span) => span.startedAt + span.durationMs));
  return {
    roots,
    startedAt: spans.length === 0 ? 0 : startedAt,
    durationMs: spans.length === 0 ? 0 : endedAt - startedAt,
    missingParents: roots.filter((root) => root.missingParent).length,
  };
}

function nodeFor(span: Span, depth: number, childrenOf: Map<string, Span[]>, seen: Set<string>): SpanNode {
  seen.add(span.spanId);
  const children = inOrder(childrenOf.get(span.spanId) ?? [])
    .filter((child) => !seen.has(child.spanId))
    .map((child) => nodeFor(child, depth + 1, childrenOf, seen));
  const selfPieces = freeOf(span, children);
  const problem = problemOf(span);
  return {
    span,
    children,
    depth,
    missingParent: depth === 0 && span.parentSpanId !== null,
    selfMs: selfPieces.reduce((sum, [start, end]) => sum + end - start, 0),
    selfPieces,
    problemOrigin: children.some((child) => outcomeOf(child.span) !== "succeeded") ? undefined : problem,
    descendants: children.reduce((sum, child) => sum + 1 + child.descendants, 0),
  };
}

/** The parts of a span that none of its children covers. */
function freeOf(span: Span, children: readonly SpanNode[]): (readonly [number, number])[] {
  const pieces: (readonly [number, number])[] = [];
  let free = 0;
  for (const child of children) {
    const start = Math.min(child.span.startedAt - span.startedAt, span.durationMs);
    if (start > free) pieces.push([free, start]);
    free = Math.max(free, Math.min(start + child.span.durationMs, span.durationMs));
  }
  if (span.durationMs > free) pieces.push([free, span.durationMs]);
  return pieces;
}

function inOrder(spans: readonly Span[]): Span[] {
  return [...spans].sort((a, b) => a.startedAt - b.startedAt || b.durationMs - a.durationMs);
}

function push(map: Map<string, Span[]>, key: string, span: Span): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [span]);
  else list.push(span);
}

/** The tree as rows from top to bottom, without what is below collapsed spans. */
export function visibleRows(roots: readonly SpanNode[], collapsed: ReadonlySet<string>): SpanNode[] {
  const rows: SpanNode[] = [];
  const waiting = [...roots].reverse();
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    rows.push(node);
    if (!collapsed.has(node.span.spanId)) waiting.push(...[...node.children].reverse());
  }
  return rows;
}
