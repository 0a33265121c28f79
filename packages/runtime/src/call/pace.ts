// How quickly an endpoint of another process has been answering. Calls of it share a connection only while it never takes long.

const QUICK_MS = 10;
/** A call that took longer keeps its endpoint from sharing for this many calls. */
const QUICK_IN_A_ROW = 64;

// hot: guarded by bench/call
export class Pace {
  private quickInARow = 0;

  get isQuick(): boolean {
    return this.quickInARow >= QUICK_IN_A_ROW;
  }

  note(durationMs: number): void {
    if (durationMs > QUICK_MS) this.quickInARow = 0;
    else if (this.quickInARow < QUICK_IN_A_ROW) this.quickInARow++;
  }

  /** A call was given up, for whatever reason: it might have taken long. */
  noteUnknown(): void {
    this.quickInARow = 0;
  }
}
