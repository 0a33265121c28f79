// Which traces there are, what the list says of each, and where in the segments their spans lie. In memory; bounded by number.
import type { TraceSummary } from "@tenon/model";
import { type Digest, mergeDigests, summarize } from "./digest.ts";
import type { Block } from "./segment.ts";

export interface StoredBlock extends Block {
  readonly segment: number;
}

export interface IndexedSummary {
  readonly summary: TraceSummary;
  readonly digest: Digest;
}

interface IndexedTrace {
  readonly blocks: StoredBlock[];
  /** Of all blocks; null after some of them were forgotten. */
  digest: Digest | null;
  /** Made when somebody asks; null after the blocks changed. */
  indexed: IndexedSummary | null;
}

export class TraceIndex {
  /** In order of first arrival. */
  private readonly traces = new Map<string, IndexedTrace>();
  private readonly maxTraces: number;
  private sorted: IndexedSummary[] | null = null;

  constructor(maxTraces: number) {
    this.maxTraces = maxTraces;
  }

  add(block: StoredBlock): void {
    const trace = this.traces.get(block.traceId);
    this.sorted = null;
    if (trace !== undefined) {
      trace.blocks.push(block);
      if (trace.digest !== null) trace.digest = mergeDigests(trace.digest, block.digest);
      trace.indexed = null;
      return;
    }
    this.traces.set(block.traceId, { blocks: [block], digest: block.digest, indexed: null });
    if (this.traces.size <= this.maxTraces) return;
    for (const oldest of this.traces.keys()) {
      this.traces.delete(oldest);
      break;
    }
  }

  blocksOf(traceId: string): readonly StoredBlock[] {
    return this.traces.get(traceId)?.blocks ?? [];
  }

  summaryOf(traceId: string): TraceSummary | undefined {
    const trace = this.traces.get(traceId);
    return trace === undefined ? undefined : summaryOf(traceId, trace).summary;
  }

  /** Newest first. */
  summaries(): readonly IndexedSummary[] {
    this.sorted ??= [...this.traces].map(([traceId, trace]) => summaryOf(traceId, trace)).sort(newestFirst);
    return this.sorted;
  }

  forgetSegments(segments: readonly number[]): void {
    this.sorted = null;
    for (const [traceId, trace] of this.traces) {
      const kept = trace.blocks.filter((block) => !segments.includes(block.segment));
      if (kept.length === trace.blocks.length) continue;
      if (kept.length === 0) this.traces.delete(traceId);
      else this.traces.set(traceId, { blocks: kept, digest: null, indexed: null });
    }
  }

  clear(): void {
    this.traces.clear();
    this.sorted = null;
  }
}

function summaryOf(traceId: string, trace: IndexedTrace): IndexedSummary {
  trace.digest ??= trace.blocks.map((block) => block.digest).reduce(mergeDigests);
  trace.indexed ??= { summary: summarize(traceId, trace.digest), digest: trace.digest };
  return trace.indexed;
}

function newestFirst(left: IndexedSummary, right: IndexedSummary): number {
  return right.summary.startedAt - left.summary.startedAt || (left.summary.traceId < right.summary.traceId ? -1 : 1);
}
