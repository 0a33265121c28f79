// Waits for deadlines that nearly never come: a call mostly ends long before, so that a timer of its own would be made and thrown away
// for nothing. Deadlines lie in buckets of a quarter of a second, and only what is left in a bucket when its time is near gets a timer.

/** Linked into its bucket by these, so that nothing is made for it. */
export interface WheelEntry {
  previousOnWheel: WheelEntry | undefined;
  nextOnWheel: WheelEntry | undefined;
  /** undefined: on none. */
  bucket: DeadlineBucket | undefined;
  /** The deadline is less than two turns away: time for a timer. */
  onNear(): void;
}

export interface DeadlineBucket {
  first: WheelEntry | undefined;
}

/** Epoch milliseconds are cut into turns of this length. */
export const TURN_MS = 250;

// hot: guarded by bench/call
export class DeadlineWheel {
  private readonly buckets = new Map<number, DeadlineBucket>();
  private readonly later: (turn: () => void) => void;
  private entries = 0;
  private isTurning = false;
  private readonly turn = (): void => {
    this.isTurning = false;
    this.release(Math.floor(Date.now() / TURN_MS) + 1);
    if (this.entries === 0) this.buckets.clear();
    else this.keepTurning();
  };

  /** `later`: calls back once after `TURN_MS`, in nobody's context. */
  constructor(later: (turn: () => void) => void) {
    this.later = later;
  }

  /** `deadlineAt`: epoch milliseconds, at least two turns ahead. */
  add(entry: WheelEntry, deadlineAt: number): void {
    const index = Math.floor(deadlineAt / TURN_MS);
    let bucket = this.buckets.get(index);
    if (bucket === undefined) {
      bucket = { first: undefined };
      this.buckets.set(index, bucket);
    }
    const { first } = bucket;
    entry.bucket = bucket;
    entry.nextOnWheel = first;
    if (first !== undefined) first.previousOnWheel = entry;
    bucket.first = entry;
    this.entries++;
    if (!this.isTurning) this.keepTurning();
  }

  remove(entry: WheelEntry): void {
    const { bucket, previousOnWheel, nextOnWheel } = entry;
    if (bucket === undefined) return;
    if (previousOnWheel === undefined) bucket.first = nextOnWheel;
    else previousOnWheel.nextOnWheel = nextOnWheel;
    if (nextOnWheel !== undefined) nextOnWheel.previousOnWheel = previousOnWheel;
    entry.bucket = undefined;
    entry.previousOnWheel = undefined;
    entry.nextOnWheel = undefined;
    this.entries--;
  }

  private keepTurning(): void {
    this.isTurning = true;
    this.later(this.turn);
  }

  /** All buckets up to this one: a process that slept may find several. */
  private release(lastIndex: number): void {
    for (const [index, bucket] of this.buckets) {
      if (index > lastIndex) continue;
      this.buckets.delete(index);
      for (let entry = bucket.first; entry !== undefined; entry = bucket.first) {
        this.remove(entry);
        entry.onNear();
      }
    }
  }
}
