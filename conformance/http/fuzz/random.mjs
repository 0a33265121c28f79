// Numbers that are the same for the same seed on every machine: a finding is told by its seed alone.

export class Random {
  #state;

  /** @param {number} seed any integer */
  constructor(seed) {
    this.#state = seed | 0;
  }

  /** 0 <= n < 2**32; the mixing steps are those of splitmix32. */
  next() {
    this.#state = (this.#state + 0x9e3779b9) | 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  }

  /** 0 <= n < limit */
  below(limit) {
    return this.next() % limit;
  }

  /** True once in `count` times. */
  oneIn(count) {
    return this.below(count) === 0;
  }

  /** @template T @param {readonly T[]} list @returns {T} */
  pick(list) {
    return list[this.below(list.length)];
  }
}
