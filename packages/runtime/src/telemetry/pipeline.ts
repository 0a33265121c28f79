// Stand-in until room telemetry's file of this name is merged, which wins: hands ended spans to one sink at once.
import type { Span } from "@tenon/model";

let sink: ((spans: readonly Span[]) => void) | undefined;

export function setSink(next: ((spans: readonly Span[]) => void) | undefined): void {
  sink = next;
}

export function offerSpan(span: Span): void {
  sink?.([span]);
}

export async function flushTelemetry(): Promise<void> {}
