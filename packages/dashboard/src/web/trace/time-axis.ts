// Where the marks of a time axis go: round steps (1, 2, 5 times a power of ten), the first at zero.

/** Offsets in milliseconds, from 0, at most `most` of them, all within the duration. */
export function axisTicks(durationMs: number, most: number): number[] {
  if (!(durationMs > 0) || most < 2) return [0];
  const rough = durationMs / (most - 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough) ?? 10 * power;
  const ticks: number[] = [];
  for (let index = 0; index * step <= durationMs * (1 + 1e-9); index += 1) ticks.push(index * step);
  return ticks;
}

/** Round values without padding: "0", "50 µs", "2.5 ms", "1 s". */
export function tickLabel(offsetMs: number): string {
  if (offsetMs === 0) return "0";
  if (offsetMs < 1) return `${round(offsetMs * 1000)} µs`;
  if (offsetMs < 1000) return `${round(offsetMs)} ms`;
  return `${round(offsetMs / 1000)} s`;
}

function round(value: number): string {
  return String(Number(value.toPrecision(6)));
}
