// Random numbers from a seed, so that the decisions of a run can be made again.
import { createHash } from "node:crypto";

export class Random {
  #seed;
  #drawn = 0;

  constructor(seed) {
    this.#seed = seed;
  }

  /** From 0 to below 1. */
  next() {
    const digest = createHash("sha256")
      .update(`${this.#seed} ${this.#drawn++}`)
      .digest();
    return digest.readUInt32BE(0) / 2 ** 32;
  }

  /** A whole number from 0 to below `limit`. */
  below(limit) {
    return Math.floor(this.next() * limit);
  }

  isTrue(probability) {
    return this.next() < probability;
  }

  pick(list) {
    return list[this.below(list.length)];
  }

  /** A source of its own, so that what one part of a run draws does not depend on how fast another one is. */
  fork(name) {
    return new Random(`${this.#seed} ${name}`);
  }
}
