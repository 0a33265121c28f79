import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type DeadlineBucket, DeadlineWheel, TURN_MS, type WheelEntry } from "./deadline-wheel.ts";

class Entry implements WheelEntry {
  previousOnWheel: WheelEntry | undefined = undefined;
  nextOnWheel: WheelEntry | undefined = undefined;
  bucket: DeadlineBucket | undefined = undefined;
  isNear = false;

  onNear(): void {
    this.isNear = true;
  }
}

/** A wheel of which the test says when it turns; `turn` is false when it has come to rest. */
function handTurned(): { wheel: DeadlineWheel; turn: () => boolean } {
  let waiting: (() => void) | undefined;
  const wheel = new DeadlineWheel((callback) => {
    assert.equal(waiting, undefined, "it waits for two turns at once");
    waiting = callback;
  });
  const turn = () => {
    const next = waiting;
    waiting = undefined;
    next?.();
    return next !== undefined;
  };
  return { wheel, turn };
}

describe("the wheel of deadlines", () => {
  it("tells entries before their deadline, and not those that are far away or gone", () => {
    const { wheel, turn } = handTurned();
    const [near, far, removed] = [new Entry(), new Entry(), new Entry()];
    wheel.add(near, Date.now() + TURN_MS);
    wheel.add(far, Date.now() + 100 * TURN_MS);
    wheel.add(removed, Date.now() + TURN_MS);
    wheel.remove(removed);
    assert.equal(turn(), true);
    assert.deepEqual([near.isNear, far.isNear, removed.isNear], [true, false, false]);
    wheel.remove(far);
    assert.equal(turn(), true);
    assert.equal(turn(), false, "an empty wheel rests");
  });

  it("finds all that lie in buckets of the past", () => {
    const { wheel, turn } = handTurned();
    const entries = Array.from({ length: 50 }, () => new Entry());
    for (const [index, entry] of entries.entries()) wheel.add(entry, Date.now() - index * TURN_MS);
    turn();
    assert.ok(entries.every(({ isNear, bucket }) => isNear && bucket === undefined));
  });

  it("survives removals in any order, of the first, the last and those between", () => {
    for (let seed = 1; seed <= 200; seed++) {
      const { wheel, turn } = handTurned();
      const entries = Array.from({ length: 8 }, () => new Entry());
      const deadlineAt = Date.now();
      for (const entry of entries) wheel.add(entry, deadlineAt);
      const gone = entries.filter((_, index) => ((seed * 2654435761) >>> (index + 3)) % 2 === 0);
      gone.sort((a, b) => ((entries.indexOf(a) * seed) % 7) - ((entries.indexOf(b) * seed) % 7));
      for (const entry of gone) wheel.remove(entry);
      wheel.remove(gone[0] ?? new Entry());
      turn();
      for (const entry of entries) assert.equal(entry.isNear, !gone.includes(entry), `seed ${seed}`);
    }
  });
});
