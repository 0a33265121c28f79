// Random ids for traces and spans, made of 32-bit words. Random bytes are fetched a pool at a time, which is several times cheaper than
// per id.
import { randomFillSync } from "node:crypto";
import { spanIdText, traceIdText } from "./hex-digits.ts";

const words = new Int32Array(4096);
let position = words.length;

// hot: guarded by bench/spans
export function randomWord(): number {
  if (position === words.length) {
    randomFillSync(words);
    position = 0;
  }
  return words[position++] as number;
}

/** Never 0, so that no id is all zero: W3C reserves that for "none". */
// hot: guarded by bench/spans
export function randomWordNotZero(): number {
  let word = randomWord();
  while (word === 0) word = randomWord();
  return word;
}

/** 32 hex digits. */
export function newTraceId(): string {
  return traceIdText(randomWordNotZero(), randomWord(), randomWord(), randomWord());
}

/** 16 hex digits. */
export function newSpanId(): string {
  return spanIdText(randomWordNotZero(), randomWord());
}
