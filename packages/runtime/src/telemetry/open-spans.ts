// The spans that have begun and not ended, where somebody wants to know: in a function, which is frozen between requests, they are the work
// that goes on after its answer. Nobody asks in other processes, and there nothing is kept.
import type { RecordedSpan } from "./recorded-span.ts";

/** null: nobody wants to know. */
export let openSpans: Set<RecordedSpan> | null = null;
let onEnd: (() => void) | undefined;

export function keepOpenSpans(): void {
  openSpans = new Set();
}

/** By the span itself. */
export function spanEnded(span: RecordedSpan): void {
  openSpans?.delete(span);
  if (openSpans?.size === 0) onEnd?.();
}

/** Resolves once none is open, or after `timeoutMs`, with the names of those that still are. */
export async function untilSpansEnd(timeoutMs: number): Promise<string[]> {
  if (openSpans === null || openSpans.size === 0) return [];
  let timer: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve) => {
    onEnd = resolve;
    timer = setTimeout(resolve, timeoutMs);
  });
  onEnd = undefined;
  clearTimeout(timer);
  return [...openSpans].map(({ name }) => name);
}
