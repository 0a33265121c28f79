// Random values that are the same for the same seed, so that a failing property test can be run again.

export interface SeededRandom {
  /** From 0, below 1. */
  number(): number;
  /** From 0, below `end`. */
  integer(end: number): number;
  pick<T>(from: readonly [T, ...T[]]): T;
}

/** The mulberry32 generator. */
export function seededRandom(seed: number): SeededRandom {
  let state = seed >>> 0;
  const number = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const integer = (end: number) => Math.floor(number() * end);
  return { number, integer, pick: (from) => from[integer(from.length)] ?? from[0] };
}
