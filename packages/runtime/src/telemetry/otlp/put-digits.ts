// Decimal digits straight into memory: times of spans have nineteen of them, and as texts they would cost more than everything else that
// changes from span to span.

const ZERO = 48;
/** "00" to "99", the first digit in the low half: what a little-endian write puts first. */
const PAIRS = Uint16Array.from(
  { length: 100 },
  (_, number) => (ZERO + Math.floor(number / 10)) | ((ZERO + (number % 10)) << 8),
);

const NANOS_PER_MS = 1e6;
const NANOS_PER_SECOND = 1e9;
/** Spans of one batch share their second, or nearly. */
let knownSeconds = -1;
const secondsDigits = new DataView(new ArrayBuffer(10));

/** The last `count` digits of a whole number below 2^31, with leading zeros. */
// hot: guarded by bench/spans
export function putDigits(view: DataView, at: number, count: number, value: number): void {
  let rest = value | 0;
  let end = at + count;
  while (end - at >= 2) {
    const hundreds = (rest / 100) | 0;
    end -= 2;
    view.setUint16(end, PAIRS[rest - hundreds * 100] as number, true);
    rest = hundreds;
  }
  if (end > at) view.setUint8(at, ZERO + (rest % 10));
}

/**
 * Nineteen digits of nanoseconds: epoch milliseconds with fractions plus a duration, which is whole nanoseconds. The same sum as
 * `nanoseconds` in encode-spans.ts gives.
 */
// hot: guarded by bench/spans
export function putNanoseconds(view: DataView, at: number, epochMs: number, plusMs: number): void {
  let seconds = Math.floor(epochMs / 1000);
  // Exact: both have the same smallest step, and the difference is small.
  let nanos = Math.round((epochMs - seconds * 1000) * NANOS_PER_MS) + Math.round(plusMs * NANOS_PER_MS);
  if (nanos >= NANOS_PER_SECOND) {
    const more = Math.floor(nanos / NANOS_PER_SECOND);
    seconds += more;
    nanos -= more * NANOS_PER_SECOND;
  }
  if (seconds !== knownSeconds) learnSeconds(seconds);
  view.setUint32(at, secondsDigits.getUint32(0));
  view.setUint32(at + 4, secondsDigits.getUint32(4));
  view.setUint16(at + 8, secondsDigits.getUint16(8));
  putDigits(view, at + 10, 9, nanos);
}

function learnSeconds(seconds: number): void {
  knownSeconds = seconds;
  putDigits(secondsDigits, 0, 5, Math.floor(seconds / 1e5));
  putDigits(secondsDigits, 5, 5, seconds % 1e5);
}
